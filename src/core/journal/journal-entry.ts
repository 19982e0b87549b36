// A journal entry as people read it: bodies as JSON, secrets redacted, and the nearest operations of a lost request.
import { distance } from 'fastest-levenshtein';
import { nestedDeeper } from '../json-text.ts';
import type { Provider } from '../provider/provider.ts';
import type { CapturedBody, Exchange } from './journal.ts';
import { decoded } from './percent-encoding.ts';

export const REDACTED = '[redacted]';

/** How deep a body may nest to be shown as JSON. */
const DEEPEST = 500;

/** How many operations are named as the nearest ones. */
const NEAREST = 3;

/** How much a wrong method counts, in characters of a wrong path. */
const OTHER_METHOD = 2;

/** How much of a path is compared. */
const COMPARED = 200;

/** An operation that a lost request may have meant. */
export interface Nearest {
  readonly provider: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
}

interface Message {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly bodyTruncated?: true;
}

/** What the control plane shows of a request. */
export interface Entry {
  readonly id: string;
  readonly at: string;
  readonly provider: string | null;
  readonly operation: string | null;
  readonly durationMs: number;
  readonly request: Message & { readonly method: string; readonly url: string };
  readonly response: Message & { readonly status: number };
  readonly fault?: string;
  readonly notes?: object;
  readonly nearest?: readonly Nearest[];
}

/** Puts an exchange into words. Secrets of every provider are left out, whichever of them was asked. */
export function describe(exchange: Exchange, providers: readonly Provider[]): Entry {
  const { id, provider, operation, responseHeaders, notes } = exchange;
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
      status: exchange.status,
      headers: redactHeaders(responseHeaders, providers),
      // Refusals and pages quote the URL they were asked by.
      ...contentOf(exchange.responseBody, (text) => redactQuotes(text, exchange.url)),
    },
    ...faultOf(exchange),
    ...(notes === null ? {} : { notes }),
    ...(exchange.matched ? {} : { nearest: nearestOperations(exchange, providers) }),
  };
}

/** Microseconds are as fine as a duration is worth. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** The planned fault an answer says it carries. */
export function faultOf({ responseHeaders }: Exchange): { fault?: string } {
  const fault = responseHeaders['x-understudy-fault'];
  return fault === undefined ? {} : { fault: String(fault) };
}

/** The value of a body as it was kept: JSON where it is JSON, else text; null where there is none. */
export function bodyValue(kept: CapturedBody | null, edit: (text: string) => string = (text) => text): unknown {
  if (kept === null) return null;
  // The cut may have gone through a character.
  if (kept.truncated) return edit(kept.content.toString().replace(/\uFFFD$/, ''));
  const text = edit(kept.content.toString());
  if (text.length > DEEPEST && nestedDeeper(text, DEEPEST)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a header's value is never shown. */
export function isSecretHeader(name: string, providers: readonly Provider[]): boolean {
  return (
    name === 'authorization' ||
    name === 'cookie' ||
    providers.some(({ secretHeaders }) => secretHeaders?.includes(name) === true)
  );
}

/** The URL without the value of its query's `key`. */
export function redactUrl(url: string): string {
  const at = url.indexOf('?');
  if (at === -1) return url;
  const query = url
    .slice(at + 1)
    .split('&')
    .map((part) => (isKey(part) ? redactedPart(part) : part));
  return `${url.slice(0, at)}?${query.join('&')}`;
}

function redactQuotes(text: string, url: string): string {
  return url
    .split(/[?&]/)
    .filter(isKey)
    .reduce((rest, part) => rest.replaceAll(part, () => redactedPart(part)), text);
}

/** Whether a part of a query is a key that has a value. */
function isKey(part: string): boolean {
  const equals = part.indexOf('=');
  return equals !== -1 && equals < part.length - 1 && decoded(part.slice(0, equals)).toLowerCase() === 'key';
}

function redactedPart(part: string): string {
  return part.slice(0, part.indexOf('=') + 1) + REDACTED;
}

function contentOf(
  kept: CapturedBody | null,
  edit?: (text: string) => string,
): { readonly body: unknown; readonly bodyTruncated?: true } {
  return { body: bodyValue(kept, edit), ...(kept?.truncated ? { bodyTruncated: true } : {}) };
}

function redactHeaders(
  headers: Readonly<Record<string, unknown>>,
  providers: readonly Provider[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (isSecretHeader(name, providers)) return [name, REDACTED];
      // Both hold a URL, and a page's link holds a key.
      return [name, name === 'referer' || name === 'location' ? redactUrl(String(value)) : value];
    }),
  );
}

/** The operations whose method and path come nearest, so that a wrong base URL is seen at once. */
function nearestOperations({ provider, method, url }: Exchange, providers: readonly Provider[]): Nearest[] {
  const path = (url.split('?', 1)[0] as string).slice(0, COMPARED);
  return (provider === null ? providers : [provider])
    .flatMap((one) =>
      one.operations.map((operation) => {
        const below = one.base + operation.path;
        // Somebody may have left out the mount, or the base too.
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

/** How far a path is from a template whose parameters stand for whatever is in their place, seen from either end. */
function pathDistance(template: string, path: string): number {
  const wanted = template.split('/');
  const given = path.split('/');
  const filled = (shift: number) =>
    wanted.map((step, at) => (step.startsWith('{') ? (given[at + shift] ?? step) : step)).join('/');
  return Math.min(distance(filled(0), path), distance(filled(given.length - wanted.length), path));
}
