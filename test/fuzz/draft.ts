// Drafts of random requests: generated before ids are known, resolved to wire requests when sent.
import fc from 'fast-check';
import {
  BROKEN_LINES,
  BROKEN_METHODS,
  HOSTS,
  lines,
  METHODS,
  magicEnds,
  mostly,
  QUERY_PARTS,
  SEGMENTS,
} from './hostile.ts';
import { ENCODINGS, HUGE, MEDIA_TYPES } from './hostile-bodies.ts';
import { type Corruption, corruptedText, corruption } from './json-text.ts';
import { type Known, valuesOf } from './schema-values.ts';
import type { Parameter, Target } from './targets.ts';
import type { Framing, WireRequest } from './wire-request.ts';

/** A path segment: the example, an id from a response, an id from the fixtures, or arbitrary text. */
interface Segment {
  readonly from: 'example' | 'recent' | 'known' | 'hostile';
  readonly pick: number;
  readonly end: string;
}

/** A generated request. */
export interface Draft {
  readonly target: Target;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Parts of the query; `{recent}` is replaced by an id from a response. */
  readonly query: readonly string[];
  readonly sandbox: 'none' | 'header' | 'key';
  readonly body: { readonly text: string; readonly encoding: string } | null;
  readonly media: readonly string[];
  readonly more: readonly string[];
  readonly broken: readonly string[];
  readonly framing: Framing;
  readonly version: string;
  readonly form: 'path' | 'service' | 'whole URL' | 'asterisk' | 'double slash';
  /** How many copies are pipelined. */
  readonly times: number;
}

/** What is needed to resolve a draft to a request. */
export interface FuzzContext {
  readonly host: string;
  known: Known;
  /** Ids from responses of a path group under that name, else under any name, newest first. */
  recent(chapter: string, name: string): readonly string[];
}

/** The sandboxes besides `default`: one is selected by header, one by key or query. */
export const SANDBOXES = { header: 'alpha', key: 'beta' } as const;

/** The path group of links found in responses. */
export const LINKS = 'links';

/** The path group of a target: a provider, or a part of the control plane. */
export function pathGroupOf({ provider, path }: Target): string {
  return provider ?? (path.split('/')[2] as string);
}

/** Requests to one target: half of them valid by its document, the others with errors. */
export function drafts(target: Target, known: Known, hosts: readonly string[]): fc.Arbitrary<Draft> {
  const { parameters, method, statuses } = target;
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query' && one.name !== 'sandbox');
  const seldom = <T>(weight: number, some: fc.Arbitrary<T>, most: number) =>
    fc.oneof(
      { weight, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(some, { minLength: 1, maxLength: most }) },
    );
  const line = fc.constantFrom(...lines(statuses, [...hosts, ...HOSTS]));
  return fc.record({
    target: fc.constant(target),
    method: mostly(method, [...METHODS, ...METHODS, ...BROKEN_METHODS], 60),
    segments: fc.tuple(...inPath.map(() => segment(statuses))),
    query: fc
      .tuple(
        fc.tuple(...inQuery.map((one) => queryPart(one, known, inQuery.length))),
        seldom(15, fc.constantFrom(...QUERY_PARTS), 2),
      )
      .map(([own, more]) => [...own.filter((part) => part !== ''), ...more]),
    sandbox: mostly<Draft['sandbox']>('none', ['header', 'key'], 1),
    body: bodies(target, known),
    media: mostly(['Content-Type: application/json'] as readonly string[], MEDIA_TYPES, 20),
    more: seldom(3, line, 3),
    broken: seldom(80, fc.constantFrom(...BROKEN_LINES), 2),
    framing: mostly<Framing>('length', ['chunked', 'chunked', 'short', 'long'], 25),
    version: mostly('1.1', ['1.0', '1.0', '1.0', '2.0', '0.9', '9.9', 'x'], 50),
    form: mostly<Draft['form']>(
      'path',
      ['service', 'service', 'whole URL', 'whole URL', 'asterisk', 'double slash'],
      20,
    ),
    times: mostly(1, [2, 3, 5], 30),
  });
}

function segment(statuses: readonly number[]): fc.Arbitrary<Segment> {
  return fc.record({
    from: fc.constantFrom('example', 'example', 'example', 'recent', 'recent', 'recent', 'known', 'known', 'hostile'),
    pick: fc.nat(999),
    end: mostly('', magicEnds(statuses), 15),
  });
}

/** Of `many` parameters about two of the optional ones are sent, so that some requests have no error. */
function queryPart({ name, required, schema, example }: Parameter, known: Known, many: number): fc.Arbitrary<string> {
  const values = valuesOf(schema, known, name).map((value) => `${name}=${encoded(String(value))}`);
  const own = example === null ? [] : [fc.constant(`${name}=${encoded(example)}`)];
  const recent = fc.constant(`${name}={recent}`);
  return required
    ? fc.oneof(...own, ...own, recent, values, fc.constant(''))
    : fc.oneof({ weight: Math.max(2, many), arbitrary: fc.constant('') }, ...own, recent, values);
}

function bodies({ body, name }: Target, known: Known): fc.Arbitrary<Draft['body']> {
  // Operations without a body sometimes get one.
  if (body === null)
    return mostly<Draft['body']>(
      null,
      ['', '{}', '{"a":1}'].map((text) => ({ text, encoding: '' })),
      10,
    );
  const examples = body.examples.length === 0 ? [] : [fc.constantFrom(...body.examples)];
  const corruptions: fc.Arbitrary<Corruption[]> = fc.oneof(
    { weight: 5, arbitrary: fc.constant<Corruption[]>([]) },
    { weight: 4, arbitrary: fc.array(corruption, { minLength: 1, maxLength: 3 }) },
  );
  return fc
    .record({
      value: fc.oneof(...examples, valuesOf(body.schema, known, name)),
      corruptions,
      encoding: mostly('', [...Object.keys(ENCODINGS), 'huge'], 20),
    })
    .map(({ value, corruptions, encoding }) => ({ text: corruptedText(value, corruptions), encoding }));
}

/** Whether a draft violates HTTP, so that the reader of the response cannot know how the server parsed it. */
export function isBeyondHttp({ method, broken, framing, version, form }: Draft): boolean {
  const unframed = framing === 'short' || framing === 'long';
  const aside = form !== 'path' && form !== 'service';
  return broken.length > 0 || unframed || version !== '1.1' || aside || BROKEN_METHODS.includes(method);
}

/** Resolves a draft to a request with the ids known now. */
export function requestOf(draft: Draft, context: FuzzContext): WireRequest {
  const { target, query, sandbox, media, more, broken, framing, version } = draft;
  const named = sandbox === 'none' ? null : SANDBOXES[sandbox];
  const byQuery = target.provider === null && sandbox === 'key' ? [`sandbox=${named}`] : [];
  const suffix = sandbox === 'key' ? `_sbx_${named}` : '';
  const { body, lines: encoding } = content(draft.body);
  return {
    method: draft.method,
    target: aim(
      draft,
      pathOf(draft, context),
      [...byQuery, ...query.map((part) => filled(part, target, context))],
      context,
    ),
    version,
    lines: [
      // A second Host replaces the first: of two Host headers the first counts.
      more.find((line) => line.startsWith('Host: ')) ?? `Host: ${hostOf(draft, context)}`,
      ...target.credentials.map((line) => line.replace('{sandbox}', suffix)),
      ...(sandbox === 'header' ? [`X-Understudy-Sandbox: ${named}`] : []),
      ...headersOf(target, context, draft),
      ...(body === null ? [] : media),
      ...encoding,
      ...more.filter((line) => !line.startsWith('Host: ')),
      ...broken,
    ],
    body,
    framing,
  };
}

/** Header parameters that the document requires. */
function headersOf({ parameters }: Target, context: FuzzContext, { segments }: Draft): string[] {
  return parameters
    .filter((one) => one.in === 'header' && one.required)
    .map(({ name, example }) => `${name}: ${example ?? context.known(name)[segments.length] ?? 'a'}`);
}

function content(body: Draft['body']): { body: Buffer | null; lines: string[] } {
  if (body === null) return { body: null, lines: [] };
  if (body.encoding === 'huge') return { body: HUGE, lines: [] };
  return ENCODINGS[body.encoding]?.(body.text) ?? { body: Buffer.from(body.text), lines: [] };
}

function pathOf({ target, segments }: Draft, context: FuzzContext): string {
  // A page is requested through its link.
  const [link] = target.isPage && segments[0]?.from === 'recent' ? context.recent(LINKS, '') : [];
  if (link !== undefined) return link;
  const inPath = target.parameters.filter((one) => one.in === 'path');
  return target.path.replace(/\{(\w+)\}/g, (_, name) => {
    const at = inPath.findIndex((one) => one.name === name);
    return segmentText(segments[at] as Segment, inPath[at] as Parameter, target, context);
  });
}

function segmentText(
  { from, pick, end }: Segment,
  { name, example }: Parameter,
  target: Target,
  { known, recent }: FuzzContext,
): string {
  const choose = (list: readonly string[]) => list[pick % list.length];
  const one = {
    example: () => example ?? choose(recent(pathGroupOf(target), name)),
    recent: () => choose(recent(pathGroupOf(target), name)) ?? example,
    known: () => choose(known(name)) ?? example,
    hostile: () => null,
  }[from]();
  return one === null || one === undefined ? (choose(SEGMENTS) as string) : encoded(one) + end;
}

function filled(part: string, target: Target, { recent }: FuzzContext): string {
  const [name = ''] = part.split('=');
  return part.replace('{recent}', () => encoded(recent(pathGroupOf(target), name)[0] ?? 'none'));
}

function hostOf({ form, target: { service } }: Draft, { host }: FuzzContext): string {
  return form === 'service' ? (service?.host ?? host) : host;
}

function aim({ form, target }: Draft, path: string, query: readonly string[], { host }: FuzzContext): string {
  const whole = query.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}`;
  const mount = target.service?.mount.length ?? 0;
  const forms = {
    path: whole,
    service: whole.slice(mount),
    'whole URL': `http://${host}${whole}`,
    asterisk: '*',
    'double slash': `/${whole}`,
  };
  return forms[form];
}

/** Encodes text for a URL; lone surrogates become U+FFFD, as in browsers. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
