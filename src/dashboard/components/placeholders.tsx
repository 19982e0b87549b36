// Placeholders: empty state, loading state and error message.
import type { ComponentChildren } from 'preact';

/** There is nothing to show; says so, and what would change that. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="notice">{children}</div>;
}

/** Loading; the style sheet shows it only after a delay. */
export function Loading() {
  return <output class="notice late">Loading…</output>;
}

/** An error message of one sentence. */
export function Failure({ children }: { children: ComponentChildren }) {
  return (
    <p class="failure" role="alert">
      {children}
    </p>
  );
}
