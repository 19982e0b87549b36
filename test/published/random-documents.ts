// Random valid OpenAPI documents, with a valid request for each operation, checked over HTTP.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import fc, { type GeneratorValue } from 'fast-check';
import { readContracts } from '../../src/library/contracts.ts';
import { buildServer } from '../../src/server.ts';
import { type Built, type Node, SchemaDraw } from './random-schemas.ts';

/** An operation of a random document: a valid request, and the schema of its response in JSON Schema. */
interface RandomOperation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | undefined;
  readonly status: number;
  /** Null for a response without a JSON body. */
  readonly plain: unknown;
}

/** A random document. */
export interface RandomDocument {
  readonly document: Node;
  /** The named schemas in JSON Schema. */
  readonly plain: Node;
  readonly operations: readonly RandomOperation[];
}

/** Random documents, OpenAPI 3.0 and 3.1. */
export const randomDocuments: fc.Arbitrary<RandomDocument> = fc.gen().map(documentFrom);

function documentFrom(g: GeneratorValue): RandomDocument {
  const modern = g(fc.boolean);
  const draw = new SchemaDraw(g, modern);
  const paths: Node = {};
  const operations = Array.from({ length: draw.number(2, 4) }, (_, n) => operationFrom(draw, n, paths));
  const document = {
    openapi: modern ? '3.1.0' : '3.0.3',
    info: { title: 'Random', version: '1' },
    paths,
    components: { schemas: draw.written },
  };
  return { document, plain: draw.plain, operations };
}

function operationFrom(draw: SchemaDraw, n: number, paths: Node): RandomOperation {
  const method = draw.pick(['GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const);
  const parameters = Array.from({ length: draw.number(0, 3) }, (_, k) => parameterFrom(draw, `p${k}`));
  const body = method === 'GET' || method === 'DELETE' || draw.chance(30) ? null : draw.any();
  const type = draw.pick(['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json']);
  const response = draw.chance(85) ? draw.any() : null;
  const media = draw.pick(['application/json', 'application/problem+json', '*/*', 'application/hal+json']);
  const status = response === null ? 204 : draw.pick([200, 201, 202]);
  const content =
    response === null
      ? {}
      : { content: { ...(draw.chance(20) ? { 'text/csv': {} } : {}), [media]: mediaOf(draw, response) } };
  paths[`/r${n}/{id}`] = {
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    [method.toLowerCase()]: {
      parameters: parameters.map(({ parameter }) => parameter),
      ...(body === null
        ? {}
        : { requestBody: { required: draw.chance(50), content: { [type]: { schema: body.written } } } }),
      responses: {
        [status]: { description: '', ...content },
        ...(draw.chance(30)
          ? { 404: { description: '', content: { 'application/json': { schema: draw.any(2).written } } } }
          : {}),
        ...(draw.chance(30) ? { default: { description: '' } } : {}),
      },
    },
  };
  const query = parameters.flatMap((one) => one.query);
  return {
    method,
    url: `/r${n}/42${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: Object.assign({}, ...parameters.map((one) => one.headers), body === null ? {} : { 'content-type': type }),
    payload: body === null ? undefined : JSON.stringify(body.value),
    status,
    plain: response === null ? null : response.plain,
  };
}

/** A media type with the schema, and at times with an example that is valid, or is not. */
function mediaOf(draw: SchemaDraw, { written, value }: Built): Node {
  const schema = { schema: written };
  if (draw.chance(20)) return { ...schema, example: value };
  if (draw.chance(10)) return { ...schema, examples: { one: { value: draw.chance(50) ? value : { wrong: true } } } };
  return schema;
}

interface RandomParameter {
  readonly parameter: Node;
  readonly query: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A parameter of a style, and a valid value in that style. */
function parameterFrom(draw: SchemaDraw, name: string): RandomParameter {
  const text = (value: unknown) => encodeURIComponent(String(value));
  const list = { type: 'array', items: { type: 'string' } };
  const object = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } };
  const required = draw.chance(50);
  const inQuery = (more: Node, query: string[]): RandomParameter => ({
    parameter: { name, in: 'query', required, ...more },
    query: required || draw.chance(60) ? query : [],
    headers: {},
  });
  switch (draw.pick(['simple', 'simple', 'list', 'commas', 'pipes', 'spaces', 'deep', 'header', 'json'])) {
    case 'list':
      return inQuery({ schema: list }, [`${name}=a`, `${name}=b`]);
    case 'commas':
      return inQuery({ schema: list, explode: false }, [`${name}=a,b`]);
    case 'pipes':
      return inQuery({ schema: list, style: 'pipeDelimited', explode: false }, [`${name}=a%7Cb`]);
    case 'spaces':
      return inQuery({ schema: list, style: 'spaceDelimited', explode: false }, [`${name}=a%20b`]);
    case 'deep':
      return inQuery({ schema: object, style: 'deepObject', explode: true }, [`${name}[a]=x`, `${name}[b]=7`]);
    case 'json':
      return inQuery({ content: { 'application/json': { schema: object } } }, [`${name}=${text('{"a":"x","b":7}')}`]);
    case 'header':
      return {
        parameter: { name: `X-${name}`, in: 'header', required, schema: { type: 'integer' } },
        query: [],
        headers: { [`x-${name}`]: '7' },
      };
    default: {
      const { written, value } = draw.simple();
      return inQuery({ schema: written }, [`${name}=${text(value)}`]);
    }
  }
}

/**
 * Loads a document and sends its requests. Each response must have the declared status, and hold by a validator that
 * the program does not use.
 *
 * @throws Error that names the request, and what came of it
 */
export async function checkDocument({ document, plain, operations }: RandomDocument, folder: string): Promise<void> {
  const file = join(folder, 'random.json');
  writeFileSync(file, JSON.stringify(document));
  const contracts = await readContracts([{ provider: 'conductor', file }]);
  const app = buildServer({ contracts, checkAnswers: true });
  try {
    for (const { method, url, headers, payload, status, plain: schema } of operations) {
      const { statusCode, body } = await app.inject({
        method,
        url: `/conductor/v1${url}`,
        headers: { host: 'localhost', authorization: 'Bearer sk_conductor_test', ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
      const request = `${method} ${url} ${payload ?? ''}`;
      if (statusCode !== status) throw new Error(`${request}: ${statusCode} ${body}, not ${status}`);
      if (schema === null) continue;
      const rooted = { ...(schema as Node), components: { schemas: plain } };
      const { valid, errors } = new Validator(rooted, '2020-12', false).validate(JSON.parse(body));
      const [first] = errors.slice(-1);
      if (!valid) throw new Error(`${request}: ${body} ${first?.instanceLocation} ${first?.error}`);
    }
  } finally {
    await app.close();
  }
}
