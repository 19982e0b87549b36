// Alternatives for a residue that no request removes without deleting rows of others.
import { z } from 'zod';
import type { Provider } from '../provider/provider.ts';
import { removalPath } from '../provider/resource.ts';
import type { Evidence } from './erasure-state.ts';
import type { Placed, RowOwners } from './row-owners.ts';

/** Describes what prevents the nearest DELETE, and names the request that overwrites the field instead. */
export function insteadOf(evidence: Evidence, fields: readonly string[], owners: RowOwners): string {
  const { searched, row } = evidence;
  const { provider, resource } = searched;
  const [nearest] = owners.upward({ searched, row }).filter((one) => owners.removal(one) !== null);
  const change = changeOf(provider, evidence, fields);
  return [
    nearest === undefined
      ? `No request of ${provider.title} removes this row of ${resource.name}`
      : obstacle(nearest, row === nearest.row, owners),
    ...(resource.kept?.instead(row) ?? []),
    ...(change === null ? [] : [`${change} can overwrite ${[...new Set(fields)].join(', ')}`]),
    `PUT /__admin/state can replace the rows of ${provider.name}`,
  ].join('; ');
}

function obstacle(nearest: Placed, itself: boolean, owners: RowOwners): string {
  const call = owners.removal(nearest) as string;
  const bystander = owners.bystander(nearest) as Placed;
  const other = `${bystander.searched.resource.name} ${String(bystander.row[bystander.searched.resource.key])}`;
  if (bystander.row !== nearest.row) return `${call} would also delete rows of others, such as ${other}`;
  return `Nothing identifies ${itself ? 'this row' : 'its owner'} (${other}) as the subject's; ${call} would remove it`;
}

/** The provider's request that updates the row, if it accepts all of these columns. */
function changeOf({ operations, mount, base }: Provider, { searched, row }: Evidence, fields: readonly string[]) {
  const { removal } = searched.resource;
  const shape = (path: string) => path.replace(/\{\w+\}/g, '{}');
  const columnOf = (field: string) => field.split(/[.[]| \+ /)[0] as string;
  const operation = operations.find(
    ({ method, path, body }) =>
      (method === 'PUT' || method === 'POST') &&
      shape(path) === shape(removal) &&
      body?.schema instanceof z.ZodObject &&
      fields.every((field) => columnOf(field) in (body.schema as z.ZodObject).shape),
  );
  return operation === undefined ? null : `${operation.method} ${removalPath(removal, mount + base, row)}`;
}
