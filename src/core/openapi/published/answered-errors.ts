// The errors that an operation served from a published document can respond with in the provider's own shape.
import { z } from 'zod';
import type { ContractOperation } from '../../provider/contract.ts';
import { type CatalogueEntry, injectableErrors } from '../../provider/errors.ts';
import type { Operation, Provider } from '../../provider/provider.ts';

/** The name of the provider's error schema in the served document. */
export const ERROR = 'understudy_error';

/** The entries of such errors: of the key, of the request's input, of the server, and those that can be ordered. */
function answeredErrors({ auth, errors }: Provider, operation: Operation): CatalogueEntry[] {
  const { transport } = errors;
  const { params, query, headers, body } = operation;
  const input = [params, query, headers, body].some((part) => part !== null);
  const failures = [
    auth.unknownSandbox(),
    transport.crash(),
    ...(input ? [transport.invalidInput('query', [])] : []),
    ...(body === null
      ? []
      : [
          transport.invalidJson(),
          transport.notJson(),
          transport.unsupportedEncoding(),
          transport.tooLarge(),
          ...(body.required ? [transport.missingBody()] : []),
        ]),
  ];
  const own = injectableErrors(errors, operation).filter(({ published }) => published === undefined);
  return [...new Set([...failures.map(({ entry }) => entry), ...own])];
}

/** The responses of those errors by status. */
export function errorResponses(provider: Provider, operation: Operation): ContractOperation['responses'] {
  const reasons = new Map<number, string[]>();
  for (const { status, when } of answeredErrors(provider, operation)) {
    reasons.set(status, [...(reasons.get(status) ?? []), when]);
  }
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${ERROR}` } } };
  return Object.fromEntries(
    [...reasons].map(([status, when]) => [
      String(status),
      { description: `Understudy: ${when.join('; or ')}.`, content },
    ]),
  );
}

/** The provider's error schema in the dialect of an OpenAPI version. */
export function errorSchema({ errorSchema }: Provider, version: string): object {
  const target = version.startsWith('3.0') ? 'openapi-3.0' : 'draft-2020-12';
  const { $schema: _, ...schema } = z.toJSONSchema(errorSchema, { target, unrepresentable: 'any' });
  return schema;
}
