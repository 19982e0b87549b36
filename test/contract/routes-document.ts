// What a provider's code takes and sends, as an OpenAPI document: zod schemas and catalogue alone, no word of the contract.
import { z } from 'zod';
import { possibleErrors } from '../../src/core/provider/errors.ts';
import type { Operation, Provider } from '../../src/core/provider/provider.ts';

type Node = Record<string, any>;

/** The document of every operation that has a handler; all schemas are written out where they are used. */
export function documentOfRoutes(provider: Provider, statuses: (operation: Operation) => readonly number[]): Node {
  const paths: Node = {};
  for (const operation of provider.operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: described(provider, operation, statuses(operation)),
    };
  }
  return { paths };
}

function described(provider: Provider, operation: Operation, statuses: readonly number[]): Node {
  const { params, query, headers, body, response } = operation;
  const errors = possibleErrors(provider.errors, operation, statuses).map(({ status }) => status);
  const header = provider.requestId?.header;
  const describedAs = (schema: z.ZodType) => ({
    content: { 'application/json': { schema: written(schema, 'output') } },
    ...(header === undefined ? {} : { headers: { [header]: { required: true, schema: { type: 'string' } } } }),
  });
  return {
    operationId: operation.operation,
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query'), ...parameters(headers, 'header')],
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: body.required,
            content: { 'application/json': { schema: written(body.schema, 'input') } },
          },
        }),
    responses: {
      200: describedAs(response),
      ...Object.fromEntries(errors.map((status) => [status, describedAs(provider.errorSchema)])),
    },
  };
}

function parameters(schema: z.ZodType | null, place: string): Node[] {
  if (schema === null) return [];
  const { properties = {}, required = [] } = written(schema, 'input');
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: one,
  }));
}

/** zod closes every object it sends; a response may hold more than is documented unless its object is strict. */
function written(schema: z.ZodType, io: 'input' | 'output'): Node {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined)
        delete jsonSchema.additionalProperties;
    },
  });
  return json;
}
