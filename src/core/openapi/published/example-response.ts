// The response of an operation served from a published document: its example, or a sample of its schema.
import type { Call } from '../../http/call.ts';
import { isNode, type Node, type Part, type Place } from '../document-parts.ts';
import { checkSampleSize } from '../schema-size.ts';
import { echoes } from './echo.ts';
import { examplesOf } from './examples.ts';
import type { Listed } from './listing.ts';
import { jsonType } from './listing.ts';
import { continuationOf, lastPageChanges, type PageChange } from './paging.ts';
import { bodyText, isText } from './response-body.ts';
import { contentType, headersOf } from './response-headers.ts';
import { edited } from './sampling/mend.ts';
import type { Sampler } from './sampling/sampler.ts';
import { linkChanges, serverPattern } from './server-links.ts';

/** The response of an operation. */
export interface ExampleResponse {
  readonly status: number;
  /** The declared response. */
  readonly part: Part;
  /** The headers, with the content type if there is a body; made on first use. */
  headers(): Readonly<Record<string, string>>;
  /** The place of the body's schema; null when there is no body, or none that is validated. */
  readonly place: Place | null;
  /**
   * The body for a request, undefined when there is none. The same for the same request; it has the ids of the
   * request's path, is the last page for a request with a cursor, and its links lead to this server, as far as the
   * schema allows.
   */
  valueFor(call: Pick<Call, 'params' | 'query' | 'headers' | 'body' | 'publicBase'>): unknown;
  /** A body as the text that is sent. */
  serialize(value: unknown): string;
}

/** Responses without a body, by RFC 9110. */
const BODILESS = new Set([204, 205, 304]);

/**
 * The example of the first success that an operation declares, or of its first response if it declares none.
 *
 * @param base prefix of the provider's paths below its mount
 * @throws Unservable for a schema whose sample would be huge
 */
export function exampleResponseOf(document: Node, base: string, listed: Listed, sampler: Sampler): ExampleResponse {
  const [status, part] = successOf(listed);
  const headers = headersOf(document, part, sampler);
  const body = BODILESS.has(status) ? null : bodyOf(document, part);
  if (body === null) return { status, part, headers, place: null, valueFor: () => undefined, serialize: () => '' };
  const { type, media, place } = body;
  const servers = serverPattern(document, listed.place);
  let first: { readonly value: unknown } | undefined;
  return {
    status,
    part,
    headers: () => ({ ...headers(), 'content-type': contentType(type) }),
    place,
    valueFor(call) {
      first ??= { value: sampler.valueOf(media.schema, place, examplesOf(document, media)) };
      const { value } = first;
      const valid = (one: unknown) => sampler.isValid(one, place);
      const next = continuationOf(call, value);
      const page = next === null ? [] : lastPageChanges(value, next, listed.method === 'GET');
      const ids = isNode(call.params) ? echoes(value, listed.path, call.params, status === 201) : [];
      const links = linkChanges(value, servers, call.publicBase, base);
      return changed(changed(changed(value, ids, valid), links, valid), page, valid);
    },
    serialize: (value) => bodyText(type, value),
  };
}

/** A response's body: its media type, JSON if there is one, and the place of its schema. */
export function bodyOf(
  document: Node,
  { node, place: at }: Part,
): { type: string; media: Node; place: Place | null } | null {
  const content = (node.content ?? {}) as Record<string, Node>;
  const types = Object.keys(content);
  const type = jsonType(types) ?? types[0];
  if (type === undefined) return null;
  const media = content[type] as Node;
  const place = [...at, 'content', type, 'schema'];
  checkSampleSize(document, media.schema, place);
  return { type, media, place: isText(type) && isNode(media.schema) ? place : null };
}

/** A value with all changes that leave it valid: all at once if possible, or else each that is. */
function changed(value: unknown, changes: readonly PageChange[], valid: (value: unknown) => boolean): unknown {
  if (changes.length === 0) return value;
  const all = changes.reduce((one, { path, values: [first] }) => edited(one, path, { path, value: first }), value);
  if (valid(all)) return all;
  return changes.reduce((current, { path, values }) => {
    const tried = values.map((one) => edited(current, path, { path, value: one }));
    return tried.find(valid) ?? current;
  }, value);
}

/** The order in which declared statuses are a success; informational ones and 304 need another request. */
const SUCCESSES = [/^2\d\d$/, /^2XX$/i, /^3(?!04)\d\d$/, /^3XX$/i, /^default$/, /^[345]/];
/** The status of a range. */
const FIRST_OF: Readonly<Record<string, number>> = { 2: 200, 3: 302, 4: 400, 5: 500, d: 200 };

function successOf({ responses }: Listed): [number, Part] {
  const statuses = [...responses.keys()].sort();
  const status = SUCCESSES.map((kind) => statuses.find((one) => kind.test(one))).find((one) => one !== undefined);
  // Only informational responses are declared: the final one has no description.
  if (status === undefined) return [200, { node: {}, place: [] }];
  const number = /^\d{3}$/.test(status) ? Number(status) : (FIRST_OF[status.charAt(0)] as number);
  return [number, responses.get(status) as Part];
}
