// Which columns of a resource a table shows, and in which order; all of them are in a row's details.
import type { Resource } from './answers.ts';

/** How many columns fit a table that can be read. */
const SHOWN = 8;

/**
 * The key first, then what names a person, then what points at owners, then the others as the provider
 * has them. `hidden` is a column that is the same in all rows shown.
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
