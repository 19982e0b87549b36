// Chooses the columns a table shows, and their order; a row's details show all of them.
import type { Resource } from '../../control/schemas.ts';

/** How many columns a table shows. */
const SHOWN = 8;

/**
 * The key first, then the columns that identify a person, then references to owners, then the rest in the provider's
 * order. `hidden` is a column with the same value in all rows shown.
 */
export function shownColumns({ key, identity, owners, columns }: Resource, hidden?: string): string[] {
  const order = [
    key,
    ...identity,
    ...owners.filter(({ tie }) => tie !== 'loose').map(({ column }) => column),
    ...columns,
  ];
  return [...new Set(order)].filter((name) => name !== hidden).slice(0, SHOWN);
}
