// The error catalogue: every error response of every operation, with status, code and body.
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Contract, ContractOperation } from '../core/provider/contract.ts';
import {
  type CatalogueEntry,
  errorBody,
  Failure,
  type OperationFacts,
  possibleErrors,
} from '../core/provider/errors.ts';
import type { Provider } from '../core/provider/provider.ts';
import { type Control, requireProvider } from './context.ts';
import { ErrorEntry, listOf } from './schemas.ts';

const Query = z.strictObject({ provider: z.string().optional().describe('Only this provider.') });

/** Adds `GET /__admin/errors`. */
export function addErrors(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/errors',
    {
      schema: {
        summary: 'every error of every operation',
        description: 'Status, code, body, when it occurs, and whether it is documented, inferred or our choice.',
        querystring: Query,
        response: { 200: listOf('errors', ErrorEntry) },
      },
    },
    async (request) => {
      const { provider } = request.query as z.output<typeof Query>;
      const chosen = provider === undefined ? control.providers : [requireProvider(control, provider)];
      const lists = await Promise.all(chosen.map(async (one) => errorsOf(one, await control.document(one.name))));
      const errors = lists.flat();
      return { errors, meta: { total: errors.length } };
    },
  );
}

async function errorsOf(provider: Provider, contract: Contract): Promise<ErrorEntry[]> {
  const { errors: providerErrors, operations } = provider;
  const listed: ErrorEntry[] = [];
  for (const operation of operations) {
    // Bodies of published documents are sampled on first use: other requests go between.
    if (operation.publishedErrors !== undefined) await setImmediate();
    const possible = possibleErrors(providerErrors, operation, statusesOf(contract, operation));
    listed.push(...possible.map((entry) => describe(provider, operation.operation, entry)));
  }
  const known = new Set(listed.map(({ code }) => code));
  const elsewhere = providerErrors.catalogue.filter(({ name }) => !known.has(name));
  return [...listed, ...elsewhere.map((entry) => describe(provider, null, entry))];
}

/** The statuses the published contract and our additions to it give an operation. */
function statusesOf({ paths }: Contract, { path, method }: OperationFacts): number[] {
  const described = paths[path]?.[method.toLowerCase()] as ContractOperation | undefined;
  // A document given with --contract may name the path parameter differently.
  return Object.keys(described?.responses ?? {}).map(Number);
}

function describe(provider: Provider, operation: string | null, entry: CatalogueEntry): ErrorEntry {
  const { name: code, status, source, when, onlyByFault = false } = entry;
  const body = errorBody(provider.errors, new Failure(entry), { requestId: provider.requestId?.next() ?? '' });
  return {
    provider: provider.name,
    operation,
    status,
    code,
    body: body ?? null,
    source,
    when,
    onlyByFault,
  };
}
