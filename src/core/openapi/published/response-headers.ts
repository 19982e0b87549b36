// The headers of a response served from a published document: those that a client can take from us.
import { JSON_TYPE } from '../../problem.ts';
import { follow, type Node, type Part } from '../document-parts.ts';
import { checkSampleSize } from '../schema-size.ts';
import { examplesOf } from './examples.ts';
import type { Sampler } from './sampling/sampler.ts';

/** A header's name, by RFC 9110. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/**
 * Never sent. How a message is framed and encoded, and what it is a checksum of, is the server's own; CORS too. The
 * others would send the client elsewhere.
 */
const OWN = new RegExp(
  `^(${[
    'connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|http2-settings',
    'content-(type|length|encoding|range|md5|digest)|repr-digest|digest|access-control-.*',
    'alt-svc|refresh|strict-transport-security|clear-site-data|date|x-understudy-.*',
  ].join('|')})$`,
);

/** Headers that point to the next page: each response would, and paging would have no end. */
const NEXT = /(^|[^a-z])next([^a-z]|$)/;

/** Longest header that is sent; clients refuse more than 16 KB for all. */
const LONGEST = 4096;

/**
 * Samples of the documented headers that are sent, by lower-case name, made on first use.
 *
 * @throws Unservable for a schema whose sample would be huge
 */
export function headersOf(document: Node, part: Part, sampler: Sampler): () => Readonly<Record<string, string>> {
  const described = Object.entries((part.node.headers ?? {}) as Node).flatMap(([written, one]) => {
    const name = written.toLowerCase();
    if (!NAME.test(name) || OWN.test(name) || NEXT.test(name)) return [];
    const { node, place } = follow(document, one, [...part.place, 'headers', written]);
    const [[type, media] = ['', node]] = Object.entries((node.content ?? {}) as Record<string, Node>);
    const beside = media === node ? place : [...place, 'content', type];
    const at = media.schema === undefined ? null : [...beside, 'schema'];
    checkSampleSize(document, media.schema, [...beside, 'schema']);
    return [{ name, node: media, at }];
  });
  let made: Readonly<Record<string, string>> | undefined;
  return () => {
    made ??= Object.fromEntries(
      described.flatMap(({ name, node, at }) => {
        const value = sampler.valueOf(node.schema, at, examplesOf(document, node));
        const text = headerText(name === 'link' ? withoutNext(String(value)) : value);
        return text.length > LONGEST || (name === 'link' && text === '') ? [] : [[name, text]];
      }),
    );
    return made;
  };
}

function withoutNext(value: string): string {
  return value
    .split(/,\s*(?=<)/)
    .filter((link) => !/;\s*rel="?next"?/i.test(link))
    .join(', ');
}

function headerText(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  // Header values allow Latin-1 without control characters only, and clients drop white space around them.
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}

/** The content type of a body whose media type is declared as `type`. */
export function contentType(type: string): string {
  return type.includes('*') || /^application\/json$/i.test(type) ? JSON_TYPE : type;
}
