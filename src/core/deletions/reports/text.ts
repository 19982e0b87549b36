// The result of an erasure check as plain text. Values are not escaped.
import type { ErasureResult, Residue } from '../erasure-result.ts';

/** The most lines of a list. */
const WRITTEN = 100;

/** The whole result as lines; the first one is the verdict. */
export function textOf(result: ErasureResult): string[] {
  return [verdictOf(result), ...rowsOf(result).map((line) => `  ${line}`), ...remarksOf(result)];
}

/** Whether anything is left, and how much was searched, in one line. */
export function verdictOf({ clean, subjects, searched, residues, truncated }: ErasureResult): string {
  const whom = subjects.join(', ');
  const where = `${count(searched.rows, 'row')} in ${count(searched.resources, 'resource')}`;
  if (clean) return `clean: nothing of ${whom} is left (${where})`;
  const left = residues.filter(({ match }) => match !== 'inside').length;
  return `left: ${truncated ? 'more than ' : ''}${count(left, 'residue')} of ${whom} (${where})`;
}

/** One line for each row with residues. */
export function rowsOf({ residues }: ErasureResult): string[] {
  return cut(residuesByRow(residues).map(({ row, fields }) => `${row}: ${fields.join(', ')}`));
}

/** Residues by the row they are in. */
export function residuesByRow(residues: readonly Residue[]): { row: string; fields: string[] }[] {
  const rows = new Map<string, string[]>();
  for (const residue of residues) {
    const { provider, resource, id, field } = residue;
    const row = `${provider} ${resource} ${id}`;
    const fields = rows.get(row) ?? [];
    if (fields.push(`${field} (${matchText(residue)})`) === 1) rows.set(row, fields);
  }
  return [...rows].map(([row, fields]) => ({ row, fields }));
}

/** The match of a residue and its encodings, e.g. `exact, percent-encoded`. */
export function matchText({ match, encodings = [] }: Residue): string {
  return [match, ...encodings].join(', ');
}

/** Everything beside the residues: linked identities, the plan and what it does not remove, limits of the search. */
export function remarksOf(result: ErasureResult): string[] {
  const { linked, unerasable } = result;
  return [
    ...list('linked identities, also searched:', linkedLines(linked || [])),
    ...list('requests that remove them, in order:', planLines(result)),
    ...list(
      'rows that no request removes without deleting rows of others:',
      unerasable.map(({ provider, resource, id, fields, instead }) => {
        return `${provider} ${resource} ${id} (${fields.join(', ')}): ${instead}`;
      }),
    ),
    ...limitsOf(result),
  ];
}

/** What the check did not search or list, one sentence each. */
export function limitsOf(result: ErasureResult): string[] {
  const { linked, linksForgotten, linkedTruncated, truncated, residues } = result;
  const forgotten = count(linksForgotten ?? 0, 'row');
  const limits: [applies: boolean, sentence: string][] = [
    [residues.some(({ match }) => match === 'inside'), 'Matches inside longer identifiers (inside) do not count.'],
    [linked === false, 'Linked identities were not searched, only the given subjects.'],
    [linkedTruncated === true, 'There are more linked identities than were searched; check some of them explicitly.'],
    [
      linksForgotten !== undefined,
      `The links of ${forgotten} have been forgotten; identities linked only through them were not searched.`,
    ],
    [truncated === true, 'There are more residues than listed; check again after removing these.'],
  ];
  return [...limits.flatMap(([applies, sentence]) => (applies ? [sentence] : [])), ...(result.outOfReach ?? [])];
}

/** The requests of the plan, with the headers that they need besides credentials. */
export function planLines({ plan, planHeaders = {} }: ErasureResult): string[] {
  return plan.map((call) => {
    const headers = Object.entries(planHeaders[call] ?? {}).map(([name, value]) => `${name}: ${value}`);
    return [call, ...headers].join(', ');
  });
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
