// A button that asks once more before it does what cannot be undone.
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../state/control-plane.ts';
import { Failure } from './placeholders.tsx';

interface ConfirmProps {
  readonly label: string;
  /** A sentence with what would be lost. */
  readonly question: string;
  /** The word on the button that does it. */
  readonly action: string;
  /** What it acts on, where the label alone does not say. */
  readonly of?: string;
  onConfirm(): Promise<void>;
}

/** Shows the question in the button's route. */
export function Confirm({ label, question, action, of, onConfirm }: ConfirmProps) {
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string>();
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking) yes.current?.focus();
  }, [asking]);
  // Escape takes the question back, and leaves the dialog around it open.
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
