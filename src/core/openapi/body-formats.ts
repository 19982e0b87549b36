// The formats of a request body that a document declares by media type: JSON, forms, multipart, text, anything else.
import { type MultipartPart, parseMultipart } from '@remix-run/multipart-parser';
import { z } from 'zod';
import type { BodyFormat, BodyFormats, RawBody } from '../provider/provider.ts';
import type { Schemas } from './compiled-schemas.ts';
import { isNode, type Node, type Part, type Place } from './document-parts.ts';
import { arrivedValue, type Parameter } from './parameters.ts';
import { readBrackets } from './query-brackets.ts';
import { fittingValue, jsonSchema } from './request-schemas.ts';
import { valueShape } from './schema-shape.ts';

/** Whether a media type is JSON; `vendor+json` types are. */
export function isJson(type: string): boolean {
  return /^\s*application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type);
}

/** The formats of a body whose `content` is at `place`. */
export function bodyFormats(document: Node, schemas: Schemas, content: Node, place: Place): BodyFormats {
  const types = Object.keys(content);
  const made = new Map<string, BodyFormat>();
  return {
    taken: types.every(isJson) ? null : types.join(' or '),
    for(contentType) {
      const type = declaredType(types, contentType);
      if (type === undefined) return null;
      const kind = kindOf(contentType ?? type);
      const key = `${kind} ${type}`;
      const format = made.get(key) ?? formatOf(document, schemas, kind, content[type], [...place, type]);
      made.set(key, format);
      return format;
    },
  };
}

/** The declared media type, or range, for a content type; a JSON body is one of any JSON type. */
function declaredType(types: readonly string[], contentType: string | undefined): string | undefined {
  if (contentType === undefined) return types.some(isJson) ? undefined : types[0];
  const bare = (type: string) => type.replace(/;.*$/s, '').trim().toLowerCase();
  const sent = bare(contentType);
  const ranges = [sent, sent.replace(/\/.*$/s, '/*'), '*/*'];
  for (const range of ranges) {
    const found = types.find((type) => bare(type) === range);
    if (found !== undefined) return found;
  }
  return sent === 'application/json' ? types.find(isJson) : undefined;
}

/** Most parts of a multipart body. */
const BODY_PARTS = 10_000;

type Kind = 'json' | 'form' | 'multipart' | 'text' | 'bytes';

function kindOf(type: string): Kind {
  if (isJson(type)) return 'json';
  if (/^\s*application\/x-www-form-urlencoded/i.test(type)) return 'form';
  if (/^\s*multipart\//i.test(type)) return 'multipart';
  return /^\s*text\//i.test(type) ? 'text' : 'bytes';
}

function formatOf(document: Node, schemas: Schemas, kind: Kind, media: unknown, place: Place): BodyFormat {
  const json = kind === 'json';
  if (!isNode(media) || !isNode(media.schema)) return { json, schema: z.unknown() };
  const part: Part = { node: media.schema, place: [...place, 'schema'] };
  if (json) return { json, schema: jsonSchema(document, schemas, part.place, 'request') };
  if (kind === 'bytes') return { json, schema: z.unknown() };
  const schema = z.unknown().transform((body, context) => {
    const value = READERS[kind](body as RawBody, (texts) => fieldsOf(document, media, texts));
    if (value === undefined) {
      context.issues.push({ code: 'custom', message: `Malformed ${kind} body`, input: undefined, path: [] });
      return z.NEVER;
    }
    schemas.begin();
    const { value: fitting, found } = fittingValue(document, schemas, part, value);
    context.issues.push(...found);
    return fitting;
  });
  return { json, schema };
}

type Texts = Readonly<Record<string, unknown>>;

/** Read a body; undefined when it is malformed. */
const READERS: Readonly<
  Record<'form' | 'multipart' | 'text', (body: RawBody, fields: (texts: Texts) => unknown) => unknown>
> = {
  form: ({ bytes }, fields) => fields(textsOf([...new URLSearchParams(bytes.toString('utf8'))])),
  multipart: ({ bytes, contentType }, fields) => {
    const [, quoted, plain = ''] = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(String(contentType)) ?? [];
    let parts: MultipartPart[];
    try {
      parts = [...parseMultipart(bytes, { boundary: quoted ?? plain, maxParts: BODY_PARTS })];
    } catch {
      return undefined;
    }
    return fields(textsOf(parts.map(({ name = '', mediaType = '', text }) => [name, partValue(mediaType, text)])));
  },
  text: ({ bytes }) => bytes.toString('utf8'),
};

/** The value of a part: of JSON its value, otherwise its text. */
function partValue(type: string, text: string): unknown {
  if (!isJson(type)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Values by name; those of a repeated name as a list. */
function textsOf(pairs: readonly (readonly [name: string, value: unknown])[]): Texts {
  const texts = new Map<string, unknown>();
  for (const [name, value] of pairs) texts.set(name, texts.has(name) ? [texts.get(name), value].flat() : value);
  return Object.fromEntries(texts);
}

/** The object that the fields of a form make. */
function fieldsOf(document: Node, media: Node, texts: Texts): unknown {
  const { properties, additional } = valueShape(document, media.schema);
  const encodings = isNode(media.encoding) ? media.encoding : {};
  const fields = [...properties].map(([name, schema]) => fieldOf(document, name, schema, encodings[name]));
  const keys = new Set(properties.keys());
  const values = fields.map((field) => [field.name, arrivedValue(document, field, texts, keys)] as const);
  const inner = fields
    .filter(({ style, explode }) => style === 'form' && explode)
    .flatMap(({ schema }) => [...valueShape(document, schema?.node).properties.keys()]);
  const read = new Set([...keys, ...inner]);
  const others = new Set(Object.keys(texts).map((key) => key.replace(/\[.*\]$/s, '')));
  const more = [...others]
    .filter((name) => !read.has(name))
    .map((name) => [name, texts[name] ?? readBrackets(document, name, texts, additional)] as const);
  return Object.fromEntries([...values, ...more].filter(([, value]) => value !== undefined));
}

/** A field as a parameter of a query, which is written alike; an object has its properties in brackets. */
function fieldOf(document: Node, name: string, schema: unknown, encoding: unknown): Parameter {
  const { style: given, explode } = isNode(encoding) ? encoding : {};
  const fallback = valueShape(document, schema).types.has('object') ? 'deepObject' : 'form';
  const style = typeof given === 'string' ? given : fallback;
  return {
    name,
    in: 'query',
    required: false,
    schema: isNode(schema) ? { node: schema, place: [] } : null,
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'deepObject',
    json: false,
    allowEmpty: false,
  };
}
