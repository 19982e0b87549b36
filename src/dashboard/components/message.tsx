// An HTTP message: first line, headers and body.
import { count } from '../model/format.ts';
import { Json } from './json.tsx';

interface MessageProps {
  readonly title: string;
  /** e.g. `DELETE /pagecall/v1/users/user-42` or `200`. */
  readonly line: string;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly body: unknown;
  readonly truncated?: boolean;
}

/** A request or a response. */
export function Message({ title, line, headers, body, truncated = false }: MessageProps) {
  const lines = Object.entries(headers ?? {});
  return (
    <section class="message">
      <h3>{title}</h3>
      <p class="line">{line}</p>
      {lines.length > 0 && (
        <details open={lines.length < 4}>
          <summary>{count(lines.length, 'header')}</summary>
          <dl class="headers">
            {lines.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {body === null || body === undefined ? (
        <p class="hint">no body</p>
      ) : (
        <Json value={body} name={`${title}: body`} />
      )}
      {truncated && <p class="hint">Truncated: the journal keeps the first 16 KiB of a body.</p>}
    </section>
  );
}
