// Shows a value as pretty-printed JSON with syntax highlighting; a string as it is.
import { tokensOf } from '../model/json-tokens.ts';

/** A block of JSON; `name` is its accessible name. */
export function Json({ value, name }: { value: unknown; name: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
    <section class="json" tabIndex={0} aria-label={name}>
      <pre>
        {tokensOf(value).map(({ kind, text }, index) =>
          kind === 'plain' ? (
            text
          ) : (
            <span key={index} class={kind}>
              {text}
            </span>
          ),
        )}
      </pre>
    </section>
  );
}
