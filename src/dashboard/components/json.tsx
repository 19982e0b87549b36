// A value as people read it: pretty-printed JSON in quiet colours, or the text it is.
import { tokensOf } from '../model/json-tokens.ts';

/** A block of JSON; `name` is what it is, for those who cannot see it. */
export function Json({ value, name }: { value: unknown; name: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
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
