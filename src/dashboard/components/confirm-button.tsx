// A button that asks for confirmation before an action that cannot be undone.
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../state/control-plane.ts';
import { Failure } from './placeholders.tsx';

interface ConfirmProps {
  readonly label: string;
  /** What would be lost. */
  readonly question: string;
  /** Label of the button that confirms. */
  readonly action: string;
  /** What it acts on, for the accessible name, where the label does not say it. */
  readonly of?: string;
  onConfirm(): Promise<void>;
}

/** Replaces the button with the question while it is asked. */
export function Confirm({ label, question, action, of, onConfirm }: ConfirmProps) {
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string>();
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking) yes.current?.focus();
  }, [asking]);
  // Escape cancels the question and does not close the dialog around it.
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    setAsking(false);
  };
  if (!asking) {
    return (
      <span class="confirm">
        <button
          type="button"
          class="quiet"
          aria-label={of === undefined ? undefined : `${label} ${of}`}
          onClick={() => setAsking(true)}
        >
          {label}
        </button>
        {failure !== undefined && <Failure>{failure}</Failure>}
      </span>
    );
  }
  return (
    <span class="confirm asking">
      <span>{question}</span>
      <button
        ref={yes}
        type="button"
        class="danger"
        onKeyDown={leave}
        onClick={async () => {
          try {
            setFailure(undefined);
            await onConfirm();
          } catch (error) {
            setFailure(errorText(error));
          }
          setAsking(false);
        }}
      >
        {action}
      </button>
      <button type="button" class="quiet" onKeyDown={leave} onClick={() => setAsking(false)}>
        Cancel
      </button>
    </span>
  );
}
