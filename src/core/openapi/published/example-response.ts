// The response of an operation served from a published document: its example, or a sample of its schema. Deterministic.
import type { sample } from 'openapi-sampler';
import { JSON_TYPE } from '../../problem.ts';
import type { Schemas } from '../compiled-schemas.ts';
import { follow, isNode, type Node, type Part, type Place } from '../document-parts.ts';
import { checkSampleSize } from '../schema-size.ts';
import type { Listed } from './listing.ts';
import { jsonType } from './listing.ts';

/** The response of an operation. */
export interface ExampleResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The place of a JSON body's schema; null when there is no body, or it is not JSON. */
  readonly place: Place | null;
  /** The value of the body, generated on first use; undefined when there is none. */
  value(): unknown;
  /** A body as the text that is sent. */
  serialize(value: unknown): string;
}

/** Generates samples of schemas (openapi-sampler). */
export type Sampler = typeof sample;

/**
 * The example of the first success that an operation declares, or of its first response if it declares none.
 *
 * @throws Unservable for a schema whose sample would be huge
 */
export function exampleResponseOf(document: Node, listed: Listed, schemas: Schemas, sampler: Sampler): ExampleResponse {
  const [declared, part] = successOf(listed);
  const content = (part.node.content ?? {}) as Record<string, Node>;
  const type = jsonType(Object.keys(content)) ?? Object.keys(content)[0];
  const headers = Object.fromEntries(
    Object.entries((part.node.headers ?? {}) as Node)
      .filter(([name]) => name.toLowerCase() !== 'content-type')
      .map(([name, one]) => {
        const { node, place } = follow(document, one, [...part.place, 'headers', name]);
        checkSampleSize(document, node.schema, [...place, 'schema']);
        return [name.toLowerCase(), headerText(exampleOf(document, node, sampler))];
      }),
  );
  const status = /^\d{3}$/.test(declared) ? Number(declared) : 200;
  if (type === undefined) return { status, headers, place: null, value: () => undefined, serialize: () => '' };
  const media = content[type] as Node;
  const json = jsonType([type]) !== undefined;
  const place = json && isNode(media.schema) ? [...part.place, 'content', type, 'schema'] : null;
  checkSampleSize(document, media.schema, [...part.place, 'content', type, 'schema']);
  let made: unknown;
  return {
    status,
    headers: { ...headers, 'content-type': contentType(type) },
    place,
    value: () => {
      made ??= firstValid(candidates(document, media, sampler), schemas, place);
      return made;
    },
    // A body that is not JSON is sent only if the document has it as text.
    serialize: (value) => (json ? JSON.stringify(value) : typeof value === 'string' ? value : ''),
  };
}

function successOf({ responses }: Listed): [string, Part] {
  const statuses = [...responses.keys()].sort();
  const status = [/^2\d\d$/, /^2XX$/i, /^default$/, /./]
    .map((kind) => statuses.find((one) => kind.test(one)))
    .find((one) => one !== undefined) as string;
  return [status, responses.get(status) as Part];
}

/** The document's examples, then samples of the schema. */
function* candidates(document: Node, media: Node, sampler: Sampler): Iterable<unknown> {
  if (media.example !== undefined) yield media.example;
  for (const one of Object.values((media.examples ?? {}) as Node)) {
    const { value } = follow(document, one, []).node;
    if (value !== undefined) yield value;
  }
  for (const skipNonRequired of [false, true]) {
    yield sampler(media.schema ?? {}, { skipWriteOnly: true, skipNonRequired, quiet: true }, document);
  }
}

/** The first candidate that is valid, or the first one if none is. */
function firstValid(all: Iterable<unknown>, schemas: Schemas, place: Place | null): unknown {
  const validate = place === null ? () => true : schemas.at(place, 'response');
  const seen: unknown[] = [];
  for (const one of all) {
    schemas.begin();
    if (validate(one)) return one;
    seen.push(one);
  }
  return seen[0];
}

function exampleOf(document: Node, described: Node, sampler: Sampler): unknown {
  const [first] = candidates(document, described, sampler);
  return first;
}

function headerText(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  // Header values allow Latin-1 without control characters only.
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}

function contentType(type: string): string {
  return type.includes('*') || /^application\/json$/i.test(type) ? JSON_TYPE : type;
}
