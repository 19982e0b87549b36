// Checks provider responses against openapi/<provider>.json with Ajv, independently of the server's schemas.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { MAX_PARAM_LENGTH } from '../../src/core/http/operation-router.ts';
import { effectiveContract } from '../../src/core/openapi/overlay.ts';
import type { Contract } from '../../src/core/provider/contract.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { canonicalSchema, resolve } from './canonical.ts';

/** A response as received by a client. */
export interface Seen {
  method: string;
  /** Path and query as requested. */
  url: string;
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  body: string;
}

/** Thrown for a response that the contract does not allow. */
export class ContractBreach extends Error {
  override name = 'ContractBreach';
}

// Most validators are used a few times only, so that it does not pay to optimise their code.
const ajv = new Ajv2020({ strict: false, allErrors: true, code: { optimize: false } });
(formats as unknown as typeof formats.default)(ajv);

interface Expected {
  schema: unknown;
  headers: string[];
}

const compiled = new WeakMap<Expected, ValidateFunction>();
const bySchema = new Map<string, ValidateFunction>();

/** Compiled on first use, since most tests call few operations, and once for all responses of the same schema. */
function validatorOf(expected: Expected): ValidateFunction {
  const known = compiled.get(expected);
  if (known !== undefined) return known;
  const text = JSON.stringify(expected.schema);
  const validate = bySchema.get(text) ?? ajv.compile(expected.schema as object);
  bySchema.set(text, validate);
  compiled.set(expected, validate);
  return validate;
}

interface ExpectedOperation {
  method: string;
  pattern: RegExp;
  name: string;
  responses: Map<string, Expected>;
}

export interface Table {
  mount: string;
  document: Contract;
  operations: ExpectedOperation[];
  unmatched: Map<string, Expected>;
}

export const TABLES: readonly Table[] = PROVIDERS.map((provider) =>
  tableFor(
    provider.mount,
    provider.base,
    effectiveContract(new URL(`../../openapi/${provider.name}.json`, import.meta.url)),
  ),
);

/** Builds the checker's table of operations; exported so that a test can pass an altered contract. */
export function tableFor(mount: string, base: string, document: Contract): Table {
  const responses = (all: object) =>
    new Map(
      Object.entries(all).map(([status, written]): [string, Expected] => {
        const response = written.$ref === undefined ? written : resolve(document as never, written.$ref);
        const schema = response.content?.['application/json']?.schema;
        return [
          status,
          {
            schema: schema === undefined ? null : canonicalSchema(schema, document as never),
            headers: Object.entries((response.headers ?? {}) as Record<string, { required?: boolean }>)
              .filter(([, header]) => header.required)
              .map(([name]) => name.toLowerCase()),
          },
        ];
      }),
    );
  return {
    mount,
    document,
    operations: Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        method: method.toUpperCase(),
        pattern: new RegExp(`^${mount}${base}${path.replace(/\{\w+\}/g, '[^/]+')}$`),
        name: operation.operationId ?? `${method} ${path}`,
        responses: responses(operation.responses),
      })),
    ),
    unmatched: responses(document['x-understudy-unmatched'] ?? {}),
  };
}

/**
 * A provider's table with a published document in addition to its contract. The document's schemas are used in place,
 * because they may be recursive; errors have the contract's schema.
 */
export function tableWith(table: Table, base: string, document: Contract & Record<string, any>): Table {
  ajv.addSchema(document, 'published');
  const refusal = table.unmatched.get('404') as Expected;
  const responsesAt = (place: string[], declared: Record<string, any>) =>
    Object.entries(declared).map(([status, one]): [string, Expected] => {
      const referred = one.$ref === undefined ? null : one.$ref.slice(2).split('/');
      const steps = referred ?? [...place, 'responses', status];
      const response = steps.reduce((node: any, step: string) => node[step], document);
      const pointer = [...steps, 'content', 'application/json', 'schema']
        .map((step) => encodeURIComponent(step.replaceAll('/', '~1')))
        .join('/');
      const json = response.content?.['application/json'] !== undefined;
      const headers = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
      return [
        /^\d+$/.test(status) ? status : '200',
        { schema: json ? { $ref: `published#/${pointer}` } : null, headers },
      ];
    });
  const more = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'parameters')
      .map(([method, { responses }]) => ({
        method: method.toUpperCase(),
        pattern: new RegExp(`^${table.mount}${base}${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
        name: `${method} ${path}`,
        responses: new Map([
          ...[400, 401, 403, 404, 409, 429, 500, 502, 503, 504].map((code): [string, Expected] => [`${code}`, refusal]),
          ...responsesAt(['paths', path, method], responses),
        ]),
      })),
  );
  return { ...table, operations: [...table.operations, ...more] };
}

const indexes = new WeakMap<Table, Map<string, ExpectedOperation[]>>();

/** The operation of a request, sought among those of its method whose paths have as many segments. */
function operationOf(table: Table, method: string, path: string): ExpectedOperation | undefined {
  const key = (method: string, path: string) => `${method} ${path.split('/').length}`;
  let index = indexes.get(table);
  if (index === undefined) {
    index = new Map();
    for (const operation of table.operations) {
      const place = key(operation.method, operation.pattern.source.replaceAll('[^/]+', 'x').replaceAll('\\/', '/'));
      index.set(place, [...(index.get(place) ?? []), operation]);
    }
    indexes.set(table, index);
  }
  return index.get(key(method, path))?.find(({ pattern }) => pattern.test(path));
}

/** Checks one response. Throws a ContractBreach that describes what the contract does not allow. */
export function checkAnswer(seen: Seen, among: readonly Table[] = TABLES): void {
  const [path = ''] = seen.url.split('?');
  const table = among.find(({ mount }) => path === mount || path.startsWith(`${mount}/`));
  if (table === undefined) return;
  const type = String(seen.headers['content-type'] ?? '');
  // Errors of the sandbox itself are not provider responses.
  if (type.startsWith('application/problem+json')) return;
  // Faults outside the contract (handling=lenient), pages and preflights belong to no operation.
  if (String(seen.headers['preference-applied'] ?? '').includes('lenient')) return;
  if (type.startsWith('text/html') || seen.status === 303 || seen.method === 'OPTIONS') return;
  // An id that is too long reaches no operation; no contract declares what is said of it.
  if (path.split('/').some((segment) => segment.length > MAX_PARAM_LENGTH)) return;
  const operation = operationOf(table, seen.method, path);
  const name = operation?.name ?? 'a request that matches no operation';
  const where = `${seen.method} ${seen.url} (${name}) returned ${seen.status}`;
  const expected =
    (operation?.responses ?? table.unmatched).get(String(seen.status)) ??
    (operation && seen.status === 404 ? table.unmatched.get('404') : undefined);
  if (expected === undefined) throw new ContractBreach(`${where}, which openapi/ does not declare`);
  for (const header of expected.headers) {
    if (seen.headers[header] === undefined) throw new ContractBreach(`${where} without the header ${header}`);
  }
  if (seen.method === 'HEAD' || expected.schema === null) return;
  if (!/^application\/json(;|$)/.test(type)) throw new ContractBreach(`${where} as ${type || 'no content type'}`);
  const validate = validatorOf(expected);
  if (!validate(JSON.parse(seen.body))) {
    throw new ContractBreach(
      `${where} with a body that does not fit: ${ajv.errorsText(validate.errors)}\n${seen.body.slice(0, 500)}`,
    );
  }
}
