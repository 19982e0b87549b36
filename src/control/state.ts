// What a sandbox holds, in the form fixtures are written in.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Provider } from '../core/provider.ts';
import { readDocuments, readRows } from '../core/rows.ts';
import type { Sandbox } from '../core/sandbox.ts';
import { type Control, chosenSandbox, providerNamed } from './context.ts';

const Query = z.strictObject({
  provider: z.string().optional(),
  resource: z.string().optional(),
  sandbox: z.string().optional(),
});

/** `GET /__admin/state`. */
export function addState(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/state',
    {
      schema: {
        summary: 'what a sandbox holds, in the form of fixtures; `?provider=`, `?resource=`, `?sandbox=`',
        querystring: Query,
      },
    },
    async (request) => {
      const { provider, resource } = request.query as z.output<typeof Query>;
      const chosen = provider === undefined ? control.providers : [providerNamed(control, provider)];
      if (resource !== undefined && !chosen.some(({ resources }) => resources.some(({ name }) => name === resource))) {
        const known = new Set(chosen.flatMap(({ resources }) => resources.map(({ name }) => name)));
        throw new Problem(
          404,
          'unknown-resource',
          'Unknown resource',
          `There is no resource ${JSON.stringify(resource)}; there are ${[...known].join(', ')}.`,
        );
      }
      const sandbox = chosenSandbox(control, request);
      return Object.fromEntries(chosen.map((one) => [one.name, stateOf(one, sandbox, resource)]));
    },
  );
}

function stateOf(provider: Provider, { db }: Sandbox, only: string | undefined): Record<string, unknown> {
  const resources = provider.resources.filter(({ name }) => only === undefined || name === only);
  return {
    ...Object.fromEntries(resources.map((resource) => [resource.name, readRows(db, provider, resource)])),
    ...(only === undefined ? readDocuments(db, provider) : {}),
  };
}
