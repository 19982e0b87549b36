// The schemas of the QuickBooks Desktop operations, read from openapi/ and compiled when they are first needed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { z } from 'zod';
import { issuesOf } from '../../../core/openapi/input-issues.ts';
import { CONTRACTS } from '../../../places.ts';
import { changedBody, isObject, newBody } from './blank-texts.ts';
import type { Json } from './company-file.ts';
import type { PublishedOperation } from './operations.ts';

/** A JSON schema, as far as it is read here. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
}

interface Described {
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly requestBody?: { readonly content: Record<string, { schema: Schema }> };
  readonly responses: Record<string, { content: Record<string, { schema: Schema }> }>;
}

interface Document {
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

const NAME = 'contract';
const JSON_TYPE = 'application/json';

let read: Document | undefined;

function contract(): Document {
  read ??= JSON.parse(readFileSync(new URL('conductor.json', CONTRACTS), 'utf8')) as Document;
  return read;
}

function described({ path, method }: PublishedOperation): Described {
  return contract().paths[path]?.[method.toLowerCase()] as Described;
}

/** The schema behind a reference, and of a nullable schema the one that is not null. */
export function follow(schema: Schema): Schema {
  if (schema.$ref !== undefined) return follow(contract().components.schemas[componentOf(schema.$ref)] as Schema);
  const branches = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return branches.length === 1 ? follow(branches[0] as Schema) : schema;
}

function componentOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** The schema of what an operation returns. */
export function responseSchema(operation: PublishedOperation): Schema {
  return follow(described(operation).responses['200']?.content[JSON_TYPE]?.schema as Schema);
}

/** The schema of the body an operation takes. */
export function requestSchema(operation: PublishedOperation): Schema {
  return follow(described(operation).requestBody?.content[JSON_TYPE]?.schema as Schema);
}

const require = createRequire(import.meta.url);
const validators: { strict?: Ajv; texts?: Ajv; anyLength?: Ajv } = {};

/** Loaded on use: the validator takes longer to load than the server takes to start. */
function ajv(kind: keyof typeof validators): Ajv {
  const known = validators[kind];
  if (known !== undefined) return known;
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const formats = require('ajv-formats') as (ajv: Ajv) => void;
  const made = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    logger: false,
    useDefaults: true,
    coerceTypes: kind === 'texts' ? 'array' : false,
    // An operation is compiled on its first call, which takes half the time without optimised code.
    code: { optimize: false },
  });
  formats(made);
  const isDate = made.formats.date as { validate: (text: string) => boolean };
  // Like any text, an empty date is one that is to be cleared.
  if (kind !== 'texts') made.addFormat('date', (text) => text === '' || isDate.validate(text));
  if (kind === 'anyLength') made.removeKeyword('maxLength');
  made.addSchema(contract() as object, NAME);
  validators[kind] = made;
  return made;
}

/**
 * Validates the body of a request; fills in the defaults of the contract. The published examples break the contract's own
 * lengths (an `INVOICE-1234` where eleven characters fit), so example mode takes texts of any length.
 */
export function bodySchema(
  operation: PublishedOperation,
  mode: 'strict' | 'example',
  withDefaults = (body: Json): Json => body,
): z.ZodType {
  return validated(
    () =>
      ajv(mode === 'strict' ? 'strict' : 'anyLength').compile({
        $ref: `${NAME}#/${pointer(operation)}/requestBody/content/application~1json/schema`,
      }),
    () => requestSchema(operation),
    (body) => {
      if (operation.verb !== 'create') return changedBody(body);
      const made = newBody(body);
      return isObject(made) ? withDefaults(made) : made;
    },
  );
}

/** Validates the value of a response. */
export function resultSchema(operation: PublishedOperation): z.ZodType {
  return validated(
    () =>
      ajv('strict').compile({ $ref: `${NAME}#/${pointer(operation)}/responses/200/content/application~1json/schema` }),
    () => responseSchema(operation),
  );
}

/** Validates the parameters of one part of a request, which arrive as texts. Header names are in lower case. */
export function parameterSchema(operation: PublishedOperation, where: 'path' | 'query' | 'header'): z.ZodType {
  const object = () => {
    const parameters = described(operation).parameters.filter((one) => one.in === where);
    const named = parameters.map((one) => ({ ...one, name: where === 'header' ? one.name.toLowerCase() : one.name }));
    return {
      type: 'object',
      properties: Object.fromEntries(named.map(({ name, schema }) => [name, schema])),
      required: named.filter(({ required }) => required).map(({ name }) => name),
    };
  };
  // Parameters that are not declared are ignored, as HTTP APIs do (our choice).
  let names: ReadonlySet<string> | undefined;
  const declared = (texts: unknown) => {
    names ??= new Set(Object.keys(object().properties));
    return Object.fromEntries(Object.entries(texts as object).filter(([name]) => names?.has(name)));
  };
  return validated(
    () => ajv('texts').compile(absolute(object()) as object),
    () => object(),
    declared,
  );
}

function pointer({ path, method }: PublishedOperation): string {
  return `paths/${encodeURIComponent(path.replaceAll('/', '~1'))}/${method.toLowerCase()}`;
}

/** A schema whose references name the contract. */
function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(absolute);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === '$ref' ? `${NAME}${String(value)}` : absolute(value)]),
  );
}

/** A zod schema that validates with a compiled one, and shows the contract's schema to who asks for its structure. */
function validated(
  compile: () => ValidateFunction,
  shown: () => object,
  prepare = (value: unknown) => value,
): z.ZodType {
  let validate: ValidateFunction | undefined;
  const schema = z.unknown().transform((value, context) => {
    validate ??= compile();
    const data = prepare(value);
    if (validate(data)) return data;
    context.issues.push(...issuesOf(contract() as never, validate.errors as ErrorObject[]));
    return z.NEVER;
  });
  schema._zod.toJSONSchema = () => inlined(shown()) as object;
  return schema;
}

/** A schema with every reference replaced by what it refers to. */
function inlined(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(inlined);
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as Schema;
  if ($ref !== undefined) return inlined(contract().components.schemas[componentOf($ref)]);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(value)]));
}
