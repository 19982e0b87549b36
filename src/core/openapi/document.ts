// Generates the OpenAPI document of a provider from its routes' zod schemas, with @fastify/swagger.
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import type { Contract, ContractOperation } from '../provider/contract.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { withSamples } from '../provider/samples.ts';
import { withDescriptions } from './descriptions.ts';
import { type DocumentedRoute, documentOf } from './documented-routes.ts';

/** A mounted route that serves an operation. */
export interface OperationRoute extends Omit<DocumentedRoute, 'schema'> {
  readonly operation: Operation;
}

/** The OpenAPI document of a provider's routes, with descriptions from the contract. */
export async function describeProvider(
  routes: readonly OperationRoute[],
  provider: Provider,
  contract: Contract,
): Promise<object> {
  const { createJsonSchemaTransform, createJsonSchemaTransformObject } = await import('fastify-type-provider-zod');
  const reading = { schemaRegistry: provider.components, zodToJsonConfig: { override: openObjects } };
  const transform = createJsonSchemaTransform(reading);
  const transformObject = createJsonSchemaTransformObject(reading);
  const { info, tags, components, security, servers: _, paths: __, ...extensions } = contract;
  const options: FastifyDynamicSwaggerOptions = {
    openapi: given({
      ...extensions,
      openapi: provider.openapi,
      info,
      servers: [{ url: provider.mount + provider.base }],
      security,
      tags,
      components: given({ securitySchemes: components.securitySchemes }),
    }),
    transform: (route) => {
      const { schema, url } = transform(route as Parameters<typeof transform>[0]);
      return {
        schema: withHeaders(schema as FastifySchema, provider),
        url: url.slice(provider.mount.length + provider.base.length),
      };
    },
    transformObject: (document) =>
      readable(
        corrected(transformObject(document as Parameters<typeof transformObject>[0]) as Contract, provider),
        provider,
        contract,
      ) as never,
  };
  return documentOf(
    routes.map(({ operation, ...route }) => ({ ...route, schema: routeSchema(provider, operation, contract) })),
    options,
  );
}

function routeSchema(provider: Provider, operation: Operation, contract: Contract): object {
  const published = contract.paths[operation.path]?.[operation.method.toLowerCase()] as ContractOperation;
  const { summary, description, tags, security } = published;
  return given({
    operationId: operation.operation,
    summary,
    description,
    // Without tags in the contract, operations are grouped by the first segment of their path.
    tags: tags ?? [operation.path.split('/')[1]],
    security,
    params: operation.params,
    querystring: operation.query,
    headers: operation.headers,
    body: operation.body?.schema,
    response: Object.fromEntries(
      Object.entries(published.responses).map(([status, { description }]) => [
        status,
        {
          description,
          content: { 'application/json': { schema: status === '200' ? operation.response : provider.errorSchema } },
        },
      ]),
    ),
  });
}

/** The object without null and undefined members. */
function given(object: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}

/** A zod schema and its JSON schema. */
interface Rendered {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/**
 * Simplifies a generated JSON schema, in place: removes the bounds that zod adds to integers and the pattern it adds to
 * dates, and adds the metadata of `describe` and `meta`, which the component registry does not contain.
 */
export function plainly({ zodSchema, jsonSchema }: Rendered): void {
  Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

/** Allows additional properties in responses, which zod closes by default, unless the object is explicitly strict. */
function openObjects(described: Rendered): void {
  plainly(described);
  const { zodSchema, jsonSchema } = described;
  if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined) delete jsonSchema.additionalProperties;
}

/** Sets what @fastify/swagger cannot express: optional bodies and required response headers. */
function corrected(document: Contract, provider: Provider): Contract {
  for (const { path, method, body, fromDocument } of provider.operations) {
    if (fromDocument) continue;
    const described = document.paths[path]?.[method.toLowerCase()] as ContractOperation;
    if (described.requestBody !== undefined && body?.required === false) described.requestBody.required = false;
    for (const { headers } of Object.values(described.responses)) {
      for (const header of Object.values(headers ?? {})) header.required = true;
    }
  }
  return withoutDuplicateSchemas(document);
}

/** The document with the contract's descriptions and working examples. */
function readable(document: Contract, provider: Provider, contract: Contract): Contract {
  withDescriptions(document, contract, provider);
  withSamples(document, provider);
  return document;
}

/** Merges the components that are generated twice, as X and an identical XInput, for requests and responses. */
export function withoutDuplicateSchemas(document: Contract): Contract {
  const { schemas } = document.components;
  const duplicates = Object.keys(schemas).filter((name) => name.endsWith('Input') && name.slice(0, -5) in schemas);
  const text = duplicates.reduce(
    (text, name) => text.replaceAll(`schemas/${name}"`, `schemas/${name.slice(0, -5)}"`),
    JSON.stringify(document),
  );
  const single: Contract = JSON.parse(text);
  for (const name of duplicates) delete single.components.schemas[name];
  return single;
}

function withHeaders(schema: FastifySchema, provider: Provider): FastifySchema {
  if (provider.requestId === undefined) return schema;
  const header = { [provider.requestId.header]: { type: 'string' } };
  const response = Object.fromEntries(
    Object.entries(schema.response as Record<string, object>).map(([status, one]) => [
      status,
      { ...one, headers: header },
    ]),
  );
  return { ...schema, response };
}
