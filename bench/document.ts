// Measures the start with a published OpenAPI document of 5 MB: the time to a response from it, and the memory.
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN } from './fixtures.ts';
import { median } from './numbers.ts';
import { KEY, UNDERSTUDY } from './peers.ts';
import { freePort, launch } from './processes.ts';
import type { Extent, Found, Say } from './results.ts';

const MEGABYTES = 5;
/** The resource whose list is the first response. */
const FIRST = 'resource7';

/** Starts with a generated document of 5 MB. */
export async function measureDocument({ startRounds }: Extent, scratch: string, say: Say): Promise<Found> {
  const file = join(scratch, 'large.json');
  const { text, operations } = largeDocument(MEGABYTES * 1e6);
  writeFileSync(file, text);
  say(`document of ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  const ms: number[] = [];
  const resident: (number | null)[] = [];
  for (let round = 1; round <= startRounds; round++) {
    const port = await freePort();
    const command = [...UNDERSTUDY.command(port, BUILT_IN, scratch), '--contract', `conductor=${file}`];
    const server = await launch(command, port, { path: `${UNDERSTUDY.base}/${FIRST}`, headers: KEY });
    ms.push(server.startMs);
    resident.push(server.resident());
    await server.end();
  }
  const weights = resident.filter((one) => one !== null);
  const memory = weights.length === 0 ? null : median(weights);
  return {
    tables: [
      {
        part: 'document',
        title: `A start with an OpenAPI document of ${MEGABYTES} MB`,
        columns: ['first response from it, ms', 'resident then, MiB'],
        rows: [{ name: 'Understudy', values: [median(ms), memory] }],
        notes: [
          `Medians of ${startRounds} starts. The document has resources of ${FIELDS} fields with ${OPERATIONS_EACH} operations each, ${operations} in all; the response is the first that compiles a schema of it.`,
        ],
      },
    ],
    goals: [
      {
        part: 'document',
        what: `first response from a document of ${MEGABYTES} MB`,
        value: median(ms),
        unit: 'ms',
        most: 2000,
      },
      ...(memory === null
        ? []
        : [
            {
              part: 'document',
              what: `resident memory with a document of ${MEGABYTES} MB`,
              value: memory,
              unit: 'MiB',
              most: 400,
            },
          ]),
    ],
  };
}

const OPERATIONS_EACH = 5;
const FIELDS = 120;

/** An OpenAPI document of at least `bytes`: resources with five operations each, which hold up to seven others. */
function largeDocument(bytes: number): { text: string; operations: number } {
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  let size = 0;
  for (let n = 0; size < bytes; n++) {
    const added = { paths: pathsOf(n), schemas: schemasOf(n) };
    size += JSON.stringify(added).length - JSON.stringify({ paths: {}, schemas: {} }).length;
    Object.assign(paths, added.paths);
    Object.assign(schemas, added.schemas);
  }
  const info = { title: 'Large', version: '1' };
  const text = JSON.stringify({ openapi: '3.0.3', info, paths, components: { schemas } });
  return { text, operations: (Object.keys(schemas).length / 2) * OPERATIONS_EACH };
}

function pathsOf(n: number): object {
  const schema = { $ref: `#/components/schemas/Resource${n}` };
  const list = { $ref: `#/components/schemas/Resource${n}List` };
  const json = (one: object) => ({ 'application/json': { schema: one } });
  const responses = (one: object) => ({ 200: { description: 'The result', content: json(one) } });
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } };
  const requestBody = { required: true, content: json(schema) };
  return {
    [`/resource${n}`]: {
      get: { operationId: `list${n}`, parameters: [limit], responses: responses(list) },
      post: { operationId: `create${n}`, requestBody, responses: responses(schema) },
    },
    [`/resource${n}/{id}`]: {
      parameters: [id],
      get: { operationId: `get${n}`, responses: responses(schema) },
      patch: { operationId: `update${n}`, requestBody, responses: responses(schema) },
      delete: { operationId: `delete${n}`, responses: { 204: { description: 'It is gone' } } },
    },
  };
}

function schemasOf(n: number): object {
  const properties = Object.fromEntries(
    Array.from({ length: FIELDS }, (_, k) => {
      const description = `The ${k}th field of resource ${n}, described in a sentence as published documents do.`;
      const kinds = [
        { type: 'string', description, example: `text ${k}` },
        { type: 'integer', description, minimum: 0, maximum: 1000 },
        { type: 'string', format: 'date-time', description, nullable: true },
        { type: 'string', enum: ['active', 'archived', 'deleted'], description },
      ];
      return [`field_${k}`, kinds[k % kinds.length]];
    }),
  );
  return {
    [`Resource${n}`]: {
      type: 'object',
      required: ['id', 'field_0', 'field_1'],
      properties: {
        id: { type: 'string' },
        ...properties,
        ...(n % 8 === 0
          ? {}
          : { parent: { nullable: true, allOf: [{ $ref: `#/components/schemas/Resource${n - 1}` }] } }),
      },
    },
    [`Resource${n}List`]: {
      type: 'object',
      properties: {
        data: { type: 'array', items: { $ref: `#/components/schemas/Resource${n}` } },
        has_more: { type: 'boolean' },
      },
    },
  };
}
