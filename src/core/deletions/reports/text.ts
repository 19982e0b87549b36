// An erasure check in words: the verdict, the rows that are left, what was also looked for, what to do. Values are raw.
import type { ErasureResult } from '../erasure.ts';
import type { Residue } from '../erasure-findings.ts';

/** How many rows, linked values and calls of a list are written out. */
const WRITTEN = 100;

/** Everything, as lines; the first is the verdict. */
export function textOf(result: ErasureResult): string[] {
  return [verdictOf(result), ...rowsOf(result).map((line) => `  ${line}`), ...remarksOf(result)];
}

/** In a line whether anything is left, and how much was looked through. */
export function verdictOf({ clean, subjects, searched, residues, truncated }: ErasureResult): string {
  const whom = subjects.join(', ');
  const where = `${count(searched.rows, 'row')} in ${count(searched.resources, 'resource')}`;
  if (clean) return `clean: nothing of ${whom} is left (${where})`;
  const left = residues.filter(({ match }) => match !== 'inside').length;
  return `left: ${truncated ? 'more than ' : ''}${count(left, 'residue')} of ${whom} (${where})`;
}

/** A line for each row with residues, its fields behind it. */
export function rowsOf({ residues }: ErasureResult): string[] {
  return cut(residuesByRow(residues).map(({ row, fields }) => `${row}: ${fields.join(', ')}`));
}

/** Residues by the row they are in. */
export function residuesByRow(residues: readonly Residue[]): { row: string; fields: string[] }[] {
  const rows = new Map<string, string[]>();
  for (const { provider, resource, id, field, match } of residues) {
    const row = `${provider} ${resource} ${id}`;
    const fields = rows.get(row);
    if (fields === undefined) rows.set(row, [`${field} (${match})`]);
    else fields.push(`${field} (${match})`);
  }
  return [...rows].map(([row, fields]) => ({ row, fields }));
}

/** What else is to be known: what was also looked for, what was not, the calls to make, what none of them removes. */
export function remarksOf({ linked, plan, unerasable, ...rest }: ErasureResult): string[] {
  const { linksForgotten, linkedTruncated, truncated, residues } = rest;
  const inside = residues.some(({ match }) => match === 'inside');
  return [
    ...(inside ? ['A match inside of a longer identifier (inside) decides nothing.'] : []),
    ...(linked === false ? ['Linked identities were not looked for, only what was given.'] : []),
    ...list('also looked for, because it was seen on one row with a subject:', linkedLines(linked || [])),
    ...(linkedTruncated ? ['There are more linked values than were looked for: look for some of them by name.'] : []),
    ...(linksForgotten === undefined
      ? []
      : [
          `The links of ${count(linksForgotten, 'row')} are forgotten: what led from them to others was not looked for.`,
        ]),
    ...list('removed by, in this order:', plan),
    ...list(
      'removed by no call without rows of others:',
      unerasable.map(({ provider, resource, id, fields, instead }) => {
        return `${provider} ${resource} ${id} (${fields.join(', ')}): ${instead}`;
      }),
    ),
    ...(truncated ? ['There are more residues than are listed: ask again after these are removed.'] : []),
  ];
}

function linkedLines(linked: Exclude<ErasureResult['linked'], false>): string[] {
  return linked.map(
    ({ value, linkedBy: { provider, resource, id, field, at } }) =>
      `${value} (${field} of ${provider} ${resource} ${id}, ${at})`,
  );
}

function list(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [head, ...cut(lines).map((line) => `  ${line}`)];
}

function cut(lines: readonly string[]): string[] {
  const more = lines.length - WRITTEN;
  return more > 0 ? [...lines.slice(0, WRITTEN), `and ${more} more`] : [...lines];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
