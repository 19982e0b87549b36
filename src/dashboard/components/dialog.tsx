// A modal dialog: it traps focus, Escape closes it, and focus returns to where it was.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly title: ComponentChildren;
  /** In the middle, or at the side so that the page remains visible. */
  readonly where?: 'middle' | 'side';
  readonly children: ComponentChildren;
  onClose(): void;
}

/** A dialog that is open as long as it is rendered. */
export function Dialog({ title, where = 'middle', children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  // A layout effect: Preact runs its cleanup with the unmount, that of useEffect only after the next paint.
  useLayoutEffect(() => {
    const shown = dialog.current as HTMLDialogElement;
    const before = document.activeElement as HTMLElement;
    shown.showModal();
    shown.querySelector<HTMLElement>('[data-first], h2')?.focus();
    return () => {
      shown.close();
      // The element that opened it may be gone with its row.
      (before.isConnected ? before : document.getElementById('content'))?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={where}
      aria-labelledby={label}
      onClose={onClose}
      // A click outside closes it too.
      closedBy="any"
    >
      <div class="sheet">
        <div class="head">
          <h2 id={label} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="plain" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
