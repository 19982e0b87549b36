// A journal entry as the control plane returns it: JSON bodies, redacted secrets, the nearest operations of an
// unmatched request.
import { distance } from 'fastest-levenshtein';
import { nestedDeeper } from '../json-text.ts';
import type { Provider } from '../provider/provider.ts';
import type { CapturedBody, Exchange } from './journal.ts';
import { decoded } from './percent-encoding.ts';
import type { JournalEntry, NearestOperation } from './schemas.ts';

/** Replaces secret values. */
export const REDACTED = '[redacted]';

/** Maximum nesting of a body shown as JSON; deeper ones are shown as text. */
const MAX_NESTING = 500;

/** How many nearest operations are listed. */
const NEAREST = 3;

/** The distance of a wrong method, in edited characters of a path. */
const OTHER_METHOD = 2;

/** The name of a parameter with a secret: `key`, `api_key`, `access-token`, `clientSecret`, `password`. */
const SECRET_NAME =
  /^((x|api|access|auth|bearer|client|id|private|refresh|secret|session)[-_]?)*(key|token|secret|password|authorization)$/i;

/** How many characters of a path are compared. */
const COMPARED = 200;

/** The journal entry of an exchange, with the secrets of all providers redacted. */
export function describe(exchange: Exchange, providers: readonly Provider[]): JournalEntry {
  const { id, provider, operation, notes, status, delivered, dryRun } = exchange;
  const pending = status === null;
  return {
    id,
    at: new Date(exchange.at).toISOString(),
    provider: provider?.name ?? null,
    operation: operation?.operation ?? null,
    durationMs: rounded(exchange.durationMs),
    request: {
      method: exchange.method,
      url: redactUrl(exchange.url),
      headers: redactHeaders(exchange.headers, providers),
      ...contentOf(exchange.body),
    },
    response: {
      status,
      headers: pending ? {} : redactHeaders(exchange.responseHeaders, providers),
      // Errors and pages quote the request's URL.
      ...contentOf(exchange.responseBody, (text) => redactQuotes(text, exchange.url)),
    },
    delivered,
    ...(pending ? { pending } : {}),
    ...(dryRun ? { dryRun } : {}),
    ...faultOf(exchange),
    ...barrierOf(exchange),
    ...keylessOf(exchange),
    ...(notes === null ? {} : { notes: notes as Readonly<Record<string, unknown>> }),
    ...(exchange.matched ? {} : { nearest: nearestOperations(exchange, providers) }),
  };
}

/** A duration in ms, rounded to microseconds. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** The planned fault named in a response's `X-Understudy-Fault`, if any. */
export function faultOf({ responseHeaders }: Exchange): { fault?: string } {
  const fault = responseHeaders['x-understudy-fault'];
  return fault === undefined ? {} : { fault: String(fault) };
}

/** The barrier named in a response's `X-Understudy-Barrier`, if any. */
function barrierOf({ responseHeaders }: Exchange): { barrier?: string } {
  const barrier = responseHeaders['x-understudy-barrier'];
  return barrier === undefined ? {} : { barrier: String(barrier) };
}

/** Whether a call of an operation carried no key: neither an Authorization header nor what else the provider takes. */
export function keylessOf({ provider, operation, headers }: Exchange): { keyless?: true } {
  const keyed = headers.authorization !== undefined || provider?.auth.credentials(headers).some((one) => one !== '');
  return operation === null || keyed ? {} : { keyless: true };
}

/** A captured body as a value: parsed if it is JSON, otherwise text; null when there is none or it was dropped. */
export function bodyValue(kept: CapturedBody | null, edit: (text: string) => string = (text) => text): unknown {
  if (kept === null || kept.dropped) return null;
  // The body may be truncated inside a character.
  if (kept.truncated) return edit(kept.content.toString().replace(/\uFFFD$/, ''));
  const text = edit(kept.content.toString());
  if (text.length > MAX_NESTING && nestedDeeper(text, MAX_NESTING)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a header's value is redacted. */
export function isSecretHeader(name: string, providers: readonly Provider[]): boolean {
  return (
    name === 'authorization' ||
    name === 'cookie' ||
    providers.some(({ secretHeaders }) => secretHeaders?.includes(name) === true)
  );
}

/** The URL with the values of its query parameters with secrets, such as `key` and `access_token`, redacted. */
export function redactUrl(url: string): string {
  const at = url.indexOf('?');
  if (at === -1) return url;
  const query = url
    .slice(at + 1)
    .split('&')
    .map((part) => (isSecretPart(part) ? redactedPart(part) : part));
  return `${url.slice(0, at)}?${query.join('&')}`;
}

function redactQuotes(text: string, url: string): string {
  return url
    .split(/[?&]/)
    .filter(isSecretPart)
    .reduce((rest, part) => rest.replaceAll(part, () => redactedPart(part)), text);
}

/** Whether a part of a query is a non-empty parameter with a secret. */
export function isSecretPart(part: string): boolean {
  const equals = part.indexOf('=');
  if (equals === -1 || equals === part.length - 1) return false;
  return SECRET_NAME.test(decoded(part.slice(0, equals)));
}

function redactedPart(part: string): string {
  return part.slice(0, part.indexOf('=') + 1) + REDACTED;
}

function contentOf(
  kept: CapturedBody | null,
  edit?: (text: string) => string,
): { readonly body: unknown; readonly bodyTruncated?: true; readonly bodyDropped?: true } {
  return {
    body: bodyValue(kept, edit),
    ...(kept?.truncated ? { bodyTruncated: true } : {}),
    ...(kept?.dropped ? { bodyDropped: true } : {}),
  };
}

function redactHeaders(
  headers: Readonly<Record<string, unknown>>,
  providers: readonly Provider[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (isSecretHeader(name, providers)) return [name, REDACTED];
      // Both contain a URL, and links to pages contain a key.
      return [name, name === 'referer' || name === 'location' ? redactUrl(String(value)) : value];
    }),
  );
}

/** The operations whose method and path are most similar, to reveal a wrong base URL. */
function nearestOperations({ provider, method, url }: Exchange, providers: readonly Provider[]): NearestOperation[] {
  const path = (url.split('?', 1)[0] as string).slice(0, COMPARED);
  return (provider === null ? providers : [provider])
    .flatMap((one) =>
      one.operations.map((operation) => {
        const below = one.base + operation.path;
        // The client may have omitted the mount, or the base too.
        const templates = provider === null ? [one.mount + below, below, operation.path] : [one.mount + below];
        return {
          far:
            Math.min(...templates.map((template) => pathDistance(template, path))) +
            (operation.method === method ? 0 : OTHER_METHOD),
          nearest: {
            provider: one.name,
            operation: operation.operation,
            method: operation.method,
            path: one.mount + below,
          },
        };
      }),
    )
    .sort((a, b) => a.far - b.far)
    .slice(0, NEAREST)
    .map(({ nearest }) => nearest);
}

/** Edit distance of a path from a template, with parameters aligned from the start or the end, whichever is less. */
function pathDistance(template: string, path: string): number {
  const steps = template.split('/');
  const pathSteps = path.split('/');
  const filled = (shift: number) =>
    steps.map((step, at) => (step.startsWith('{') ? (pathSteps[at + shift] ?? step) : step)).join('/');
  return Math.min(distance(filled(0), path), distance(filled(pathSteps.length - steps.length), path));
}
