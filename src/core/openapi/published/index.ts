// Serves the operations without a handler from a published document (`--contract`).
import { basename } from 'node:path';
import { z } from 'zod';
import type { Call } from '../../http/call.ts';
import { pathText } from '../../json-text.ts';
import { Failure } from '../../provider/errors.ts';
import type { Operation, Provider } from '../../provider/provider.ts';
import { bodyFormats } from '../body-formats.ts';
import { checkSchemas, type Schemas, schemasOf } from '../compiled-schemas.ts';
import { isNode, type Node, type Place, valueAt } from '../document-parts.ts';
import { jsonSchema, parametersSchema } from '../request-schemas.ts';
import { checkAppliedSchemas } from '../schema-size.ts';
import type { Direction } from '../strict-schema.ts';
import { Unservable } from '../unservable.ts';
import { acceptingExamples } from './accepted-examples.ts';
import { contradictionsIn } from './contradictions.ts';
import { upgrade } from './dialect.ts';
import { documentErrorsOf } from './document-errors.ts';
import { exampleResponseOf } from './example-response.ts';
import type { Published } from './extended.ts';
import { type Listed, listOperations, shapeOf } from './listing.ts';
import { type Sampler, samplerOf } from './sampling/sampler.ts';
import { contractErrorOf, readSource } from './source.ts';

export { ContractError } from './source.ts';

/**
 * Reads a provider's published document.
 *
 * @param file an OpenAPI document, 3.0 or 3.1, JSON or YAML
 * @param strict compiles all schemas now, which takes seconds for a large document; without it, an operation whose
 *   schemas cannot be compiled responds with 501
 * @throws ContractError when it cannot be served, naming the place and the reason
 */
export async function readPublished(provider: Provider, file: string, strict: boolean): Promise<Published> {
  const published = await readSource(provider.name, file);
  try {
    const { document, unchecked } = upgrade(published);
    const handled = new Set(provider.operations.map(({ method, path }) => shapeOf(method, path)));
    const listed = listOperations(document, provider.base).filter(
      ({ method, path }) => !handled.has(shapeOf(method, path)),
    );
    const names = new Set(provider.operations.map(({ operation }) => operation));
    for (const { name, place } of listed) {
      if (names.has(name))
        throw new Unservable(place, `its operationId is also that of ${name}, which has another path here`);
    }
    await checkSchemas(document, unchecked);
    const used = listed.flatMap(schemasUsed);
    for (const [place] of used) checkAppliedSchemas(document, valueAt(document, place), place);
    if (strict) {
      const schemas = await schemasOf(document, (error) => error);
      for (const [place, direction] of used) schemas.at(place, direction);
      schemas.compileReferences();
    }
    const schemas = await schemasOf(document, (error) => unservedError(provider, file, error));
    const { sample } = await import('openapi-sampler');
    const sampler = samplerOf(document, schemas, sample);
    const accepting = acceptingExamples(document, schemas, sampler);
    const operations = listed.map((one) => operationOf(provider, one, document, accepting, sampler));
    const places = used.map(([place]) => place);
    return { file, document: published, operations, contradictions: contradictionsIn(document, places) };
  } catch (error) {
    throw contractErrorOf(provider.name, file, error);
  }
}

/** The schemas that requests and responses of an operation are validated against. */
function schemasUsed({ parameters, body, responses }: Listed): [place: Place, direction: Direction][] {
  const inContent = (content: unknown, place: Place, direction: Direction) =>
    Object.entries((content ?? {}) as Record<string, Node>)
      .filter(([, media]) => isNode(media.schema))
      .map(([type]): [Place, Direction] => [[...place, type, 'schema'], direction]);
  return [
    ...parameters.flatMap(({ schema }): [Place, Direction][] => (schema === null ? [] : [[schema.place, 'request']])),
    ...(body === null ? [] : inContent(body.content, body.place, 'request')),
    ...[...responses.values()].flatMap(({ node, place }) => inContent(node.content, [...place, 'content'], 'response')),
  ];
}

/** The provider's 501 for an operation whose schemas cannot be compiled. */
function unservedError({ errors }: Provider, file: string, { at, message }: Unservable): Failure {
  const where = `${basename(file)}, ${pathText(at)}`;
  return new Failure(errors.lenient(501), `This operation cannot be served from ${where}: ${message}.`);
}

function operationOf(
  provider: Provider,
  listed: Listed,
  document: Node,
  schemas: Schemas,
  sampler: Sampler,
): Operation {
  const { name, method, path, parameters, body } = listed;
  const { status, part, headers, place, valueFor, serialize } = exampleResponseOf(
    document,
    provider.base,
    listed,
    sampler,
  );
  const rules = provider.contractRoutes;
  const query = parametersSchema(document, schemas, parameters, 'query');
  return {
    operation: name,
    method,
    path,
    ...documentErrorsOf(document, listed, part, provider.errors.catalogue, sampler),
    hasBody: body !== null,
    hasQuery: query !== null,
    params: parametersSchema(document, schemas, parameters, 'path'),
    query,
    headers: parametersSchema(document, schemas, parameters, 'header'),
    body:
      body === null
        ? null
        : {
            schema: z.unknown(),
            example: z.unknown(),
            required: body.required,
            formats: bodyFormats(document, schemas, body.content, body.place),
          },
    failsAtCheckpoint: rules?.failsAtCheckpoint ?? null,
    response: place === null ? z.unknown() : jsonSchema(document, schemas, place, 'response'),
    success: {
      status,
      get headers() {
        // The provider's own request id is generated per response and overrides the document's example.
        return Object.fromEntries(
          Object.entries(headers()).filter(([header]) => header !== provider.requestId?.header),
        );
      },
    },
    serialize,
    fromDocument: true,
    handle(call: Call) {
      rules?.enter(call);
      return valueFor(call);
    },
  };
}
