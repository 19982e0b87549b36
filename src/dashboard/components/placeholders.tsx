// What stands where there is nothing to show: nothing yet, nothing at all, or why not.
import type { ComponentChildren } from 'preact';

/** Nothing is there; says so, and what would change it. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="notice">{children}</div>;
}

/** Nothing is there yet. Shown only where that takes long enough to be noticed. */
export function Loading() {
  return <output class="notice late">Loading…</output>;
}

/** It did not work, in one sentence. */
export function Failure({ children }: { children: ComponentChildren }) {
  return (
    <p class="failure" role="alert">
      {children}
    </p>
  );
}
