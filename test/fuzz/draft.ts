// Requests as they are drawn, before it is known which ids there will be; and what becomes of them when they are sent.
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

/** A segment of a path: the example, something an answer spoke of, something the fixtures hold, or anything at all. */
interface Segment {
  readonly from: 'example' | 'recent' | 'known' | 'hostile';
  readonly pick: number;
  readonly end: string;
}

/** A request as it was drawn. */
export interface Draft {
  readonly target: Target;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Parts of the query; `{recent}` stands for something an answer spoke of. */
  readonly query: readonly string[];
  readonly sandbox: 'none' | 'header' | 'key';
  readonly body: { readonly text: string; readonly encoding: string } | null;
  readonly media: readonly string[];
  readonly more: readonly string[];
  readonly broken: readonly string[];
  readonly framing: Framing;
  readonly version: string;
  readonly form: 'path' | 'service' | 'whole URL' | 'asterisk' | 'double slash';
  /** How often it is sent in one go. */
  readonly times: number;
}

/** What is known when a draft is made a request. */
export interface FuzzContext {
  readonly host: string;
  known: Known;
  /** What answers of a chapter spoke of under that name, or else under any, newest first. */
  recent(chapter: string, name: string): readonly string[];
}

/** The sandboxes beside `default`: one is named by header, one by key or query. */
export const SANDBOXES = { header: 'alpha', key: 'beta' } as const;

/** The chapter of links that answers gave out. */
export const LINKS = 'links';

/** Where answers and requests of a target belong: a provider, or a part of the control plane. */
export function pathGroupOf({ provider, path }: Target): string {
  return provider ?? (path.split('/')[2] as string);
}

/** Requests to one target: half of them as its document says, the others more or less off. */
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
      .tuple(fc.tuple(...inQuery.map((one) => queryPart(one, known))), seldom(15, fc.constantFrom(...QUERY_PARTS), 2))
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

function queryPart({ name, required, schema, example }: Parameter, known: Known): fc.Arbitrary<string> {
  const values = valuesOf(schema, known, name).map((value) => `${name}=${encoded(String(value))}`);
  const own = example === null ? [] : [fc.constant(`${name}=${encoded(example)}`)];
  const recent = fc.constant(`${name}={recent}`);
  return required
    ? fc.oneof(...own, ...own, recent, values, fc.constant(''))
    : fc.oneof(fc.constant(''), fc.constant(''), ...own, recent, values);
}

function bodies({ body, name }: Target, known: Known): fc.Arbitrary<Draft['body']> {
  // Calls without a body get one now and then.
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

/** Whether a draft goes beyond HTTP itself: who reads the answer cannot know what the server saw. */
export function isBeyondHttp({ method, broken, framing, version, form }: Draft): boolean {
  const unframed = framing === 'short' || framing === 'long';
  const aside = form !== 'path' && form !== 'service';
  return broken.length > 0 || unframed || version !== '1.1' || aside || BROKEN_METHODS.includes(method);
}

/** The request that a draft is, where things stand as they do. */
export function requestOf(draft: Draft, surroundings: FuzzContext): WireRequest {
  const { target, query, sandbox, media, more, broken, framing, version } = draft;
  const named = sandbox === 'none' ? null : SANDBOXES[sandbox];
  const byQuery = target.provider === null && sandbox === 'key' ? [`sandbox=${named}`] : [];
  const suffix = sandbox === 'key' ? `_sbx_${named}` : '';
  const { body, lines: encoding } = content(draft.body);
  return {
    method: draft.method,
    target: aim(
      draft,
      pathOf(draft, surroundings),
      [...byQuery, ...query.map((part) => filled(part, target, surroundings))],
      surroundings,
    ),
    version,
    lines: [
      // Another host takes the place of the first: of two that come, that is the one which counts.
      more.find((line) => line.startsWith('Host: ')) ?? `Host: ${hostOf(draft, surroundings)}`,
      ...target.credentials.map((line) => line.replace('{sandbox}', suffix)),
      ...(sandbox === 'header' ? [`X-Understudy-Sandbox: ${named}`] : []),
      ...headersOf(target, surroundings, draft),
      ...(body === null ? [] : media),
      ...encoding,
      ...more.filter((line) => !line.startsWith('Host: ')),
      ...broken,
    ],
    body,
    framing,
  };
}

/** Header parameters that the document asks for. */
function headersOf({ parameters }: Target, surroundings: FuzzContext, { segments }: Draft): string[] {
  return parameters
    .filter((one) => one.in === 'header' && one.required)
    .map(({ name, example }) => `${name}: ${example ?? surroundings.known(name)[segments.length] ?? 'a'}`);
}

function content(body: Draft['body']): { body: Buffer | null; lines: string[] } {
  if (body === null) return { body: null, lines: [] };
  if (body.encoding === 'huge') return { body: HUGE, lines: [] };
  return ENCODINGS[body.encoding]?.(body.text) ?? { body: Buffer.from(body.text), lines: [] };
}

function pathOf({ target, segments }: Draft, surroundings: FuzzContext): string {
  // A page is gone to by the link to it.
  const [link] = target.isPage && segments[0]?.from === 'recent' ? surroundings.recent(LINKS, '') : [];
  if (link !== undefined) return link;
  const inPath = target.parameters.filter((one) => one.in === 'path');
  return target.path.replace(/\{(\w+)\}/g, (_, name) => {
    const at = inPath.findIndex((one) => one.name === name);
    return segmentText(segments[at] as Segment, inPath[at] as Parameter, target, surroundings);
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

/** As part of a URL; halves of characters, which have none, become what a browser makes of them. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
