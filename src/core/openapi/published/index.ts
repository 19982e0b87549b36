// Serves the operations without a handler from a published document (`--contract`).
import { z } from 'zod';
import type { Call } from '../../http/call.ts';
import type { Operation, Provider } from '../../provider/provider.ts';
import { documentErrorsOf } from './document-errors.ts';
import { exampleResponseOf } from './example-response.ts';
import type { Published } from './extended.ts';
import { fitting, fittingTexts } from './input.ts';
import { type Listed, listOperations, shapeOf } from './listing.ts';
import { type Sampler, samplerOf } from './sampling/sampler.ts';
import { type Place, type Schemas, schemasOf } from './schemas.ts';
import { contractErrorOf, isNode, type Node, readSource } from './source.ts';
import { Unservable } from './unservable.ts';

export { ContractError } from './source.ts';

/**
 * Reads a provider's published document.
 *
 * @param file an OpenAPI document, 3.0 or 3.1, JSON or YAML
 * @throws ContractError when it cannot be served, naming the place and the reason
 */
export async function readPublished(provider: Provider, file: string): Promise<Published> {
  const document = await readSource(provider.name, file);
  try {
    const handled = new Set(provider.operations.map(({ method, path }) => shapeOf(method, path)));
    const listed = listOperations(document, provider.base).filter(
      ({ method, path }) => !handled.has(shapeOf(method, path)),
    );
    const names = new Set(provider.operations.map(({ operation }) => operation));
    for (const { name, place } of listed) {
      if (names.has(name))
        throw new Unservable(place, `its operationId is also that of ${name}, which has another path here`);
    }
    const schemas = await schemasOf(document, listed.flatMap(placesOf));
    const { sample } = await import('openapi-sampler');
    const sampler = samplerOf(document, schemas, sample);
    const operations = listed.map((one) => operationOf(provider, one, document, schemas, sampler));
    return { file, document, operations };
  } catch (error) {
    throw contractErrorOf(provider.name, file, error);
  }
}

/** The places of the schemas that requests and responses of an operation are validated against. */
function placesOf({ parameters, body, responses }: Listed): Place[] {
  const parts = [...parameters.map(({ schema }) => schema), body?.schema ?? null];
  const answers = [...responses.values()].flatMap(({ node, place }) =>
    Object.entries((node.content ?? {}) as Record<string, Node>)
      .filter(([, media]) => isNode(media.schema))
      .map(([type]) => [...place, 'content', type, 'schema']),
  );
  return [...parts.flatMap((part) => (part === null ? [] : [part.place])), ...answers];
}

function operationOf(
  provider: Provider,
  listed: Listed,
  document: Node,
  schemas: Schemas,
  sampler: Sampler,
): Operation {
  const { name, method, path, parameters, body } = listed;
  const { status, part, headers, place, valueFor, serialize } = exampleResponseOf(document, listed, sampler);
  const rules = provider.contractRoutes;
  const schema = body === null ? null : fitting(document, schemas, body.schema.place);
  const query = fittingTexts(document, schemas, parameters, 'query');
  return {
    operation: name,
    method,
    path,
    ...documentErrorsOf(document, listed, part, provider.errors.catalogue, sampler),
    hasBody: body !== null,
    hasQuery: query !== null,
    params: fittingTexts(document, schemas, parameters, 'path'),
    query,
    headers: fittingTexts(document, schemas, parameters, 'header'),
    body: schema === null ? null : { schema, example: schema, required: body?.required === true },
    failsAtCheckpoint: rules?.failsAtCheckpoint ?? null,
    response: place === null ? z.unknown() : fitting(document, schemas, place),
    success: {
      status,
      // The provider's own request id is generated per response and overrides the document's example.
      headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== provider.requestId?.header)),
    },
    serialize,
    fromDocument: true,
    handle(call: Call) {
      rules?.enter(call);
      return valueFor(call);
    },
  };
}
