// Lists the resources with their ownership, and their rows page by page, for the dashboard.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { invalidInput, Problem } from '../core/problem.ts';
import { isRemovable, pointersOf } from '../core/provider/ownership.ts';
import type { Provider } from '../core/provider/provider.ts';
import { columnsOf, fromCells, type Resource, removalPath } from '../core/provider/resource.ts';
import type { Sandbox } from '../core/sandbox/sandbox.ts';
import { countRows, findRow, readPage } from '../core/storage/browse.ts';
import { type Control, existingSandboxOf, requireProvider, SandboxQuery } from './context.ts';
import { ListQuery } from './list-query.ts';
import {
  listOf,
  type Resource as ResourceInfo,
  Resource as ResourceSchema,
  RowsPage,
  RowWithRemoval,
} from './schemas.ts';

const RowsQuery = ListQuery.extend({
  offset: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
  text: z.string().optional(),
  column: z.string().optional(),
  value: z.string().optional(),
});
/** Adds `GET /__admin/resources`, `/resources/{provider}/{resource}` and `/resources/{provider}/{resource}/{id}`. */
export function addResources(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/resources',
    {
      schema: {
        summary: "every provider's resources: key, columns, owners, the DELETE that removes a row, number of rows",
        querystring: SandboxQuery,
        response: { 200: listOf('resources', ResourceSchema) },
      },
    },
    async (request) => {
      const sandbox = existingSandboxOf(control, request);
      const resources = control.providers.flatMap((provider) =>
        provider.resources.map((resource) => describe(sandbox, provider, resource)),
      );
      return { resources, meta: { total: resources.length } };
    },
  );
  scope.get(
    '/resources/:provider/:resource',
    {
      schema: {
        summary: 'the rows of a resource, oldest first, and the number of rows each owns',
        description:
          'Filters: `?limit=`, `?offset=`, `?text=` in any column, `?column=` and `?value=` for the rows of one owner.',
        querystring: RowsQuery,
        response: { 200: RowsPage },
      },
    },
    async (request) => {
      const { provider: name, resource: resourceName } = request.params as { provider: string; resource: string };
      const { limit, offset, text, column, value } = request.query as z.output<typeof RowsQuery>;
      const provider = requireProvider(control, name);
      const resource = resourceNamed(provider, resourceName);
      const owner = column === undefined && value === undefined ? undefined : ownerOf(resource, column, value);
      const sandbox = existingSandboxOf(control, request);
      const wanted = { owner, text, limit, offset };
      const { rows, owned, total } = await sandbox.holdWhile(() => readPage(sandbox.db, provider, resource, wanted));
      return { rows, owned, meta: { total } };
    },
  );
  scope.get(
    '/resources/:provider/:resource/:id',
    {
      schema: {
        summary: 'one row, and the DELETE that removes it, with its authentication headers',
        querystring: SandboxQuery,
        response: { 200: RowWithRemoval },
      },
    },
    async (request) => {
      const { provider: name, resource: wanted, id } = request.params as Record<'provider' | 'resource' | 'id', string>;
      const provider = requireProvider(control, name);
      const resource = resourceNamed(provider, wanted);
      const sandbox = existingSandboxOf(control, request);
      const row = findRow(sandbox.db, provider, resource, id);
      if (row === undefined) throw missing(sandbox, resource, id);
      const path = removalPath(resource.removal, provider.mount + provider.base, row);
      const headers = provider.removalHeaders(sandbox, resource.name, row);
      return { row: fromCells(resource, row), removal: { method: 'DELETE', path, headers } };
    },
  );
}

function describe({ db }: Sandbox, provider: Provider, resource: Resource): ResourceInfo {
  const { name, key, identity = [], removal } = resource;
  return {
    provider: provider.name,
    title: provider.title,
    name,
    key,
    columns: [...columnsOf(resource).keys()],
    identity: [...identity],
    owners: pointersOf(db, provider, resource).map(({ column, owner, field, tie }) => ({
      column,
      resource: owner.name,
      field,
      tie,
    })),
    removal: {
      path: provider.mount + provider.base + removal,
      of: isRemovable(db, provider, resource) ? 'row' : 'owner',
    },
    rows: countRows(db, provider, resource),
  };
}

function resourceNamed(provider: Provider, name: string): Resource {
  const resource = provider.resources.find((one) => one.name === name);
  if (resource !== undefined) return resource;
  const names = provider.resources.map((one) => one.name).join(', ');
  throw new Problem(
    404,
    'unknown-resource',
    `${provider.title} has no resource ${JSON.stringify(name)}; it has ${names}.`,
  );
}

function missing({ name }: Sandbox, resource: Resource, id: string): Problem {
  const which = `${resource.key} ${JSON.stringify(id.slice(0, 80))}`;
  return new Problem(404, 'unknown-row', `Sandbox ${name} has no ${resource.name} row with ${which}.`);
}

function ownerOf(
  resource: Resource,
  column: string | undefined,
  value: string | undefined,
): { column: string; value: string } {
  if (column !== undefined && value !== undefined && columnsOf(resource).has(column)) return { column, value };
  const path = value === undefined ? 'value' : 'column';
  const message =
    column === undefined || value === undefined
      ? 'column and value must be given together'
      : `${resource.name} has no column ${JSON.stringify(column)}; it has ${[...columnsOf(resource).keys()].join(', ')}`;
  throw invalidInput(path, message);
}
