// Groups the residues of an erasure check by the request of the plan that removes them.
import type { ErasureResult, Residue, Unerasable } from '../../control/schemas.ts';
import { count } from './format.ts';

/** A request of the plan and the residues it removes. */
export interface ErasureCall {
  /** As the server names it, e.g. `DELETE /conductor/v1/end-users/end_usr_1`. */
  readonly call: string;
  /** The path, where the request is a DELETE at a provider. */
  readonly path: string | undefined;
  readonly provider: string;
  readonly residues: readonly Residue[];
}

/** The residues by request, in the order of the plan. */
export function groupByCall({ plan, residues }: Pick<ErasureResult, 'plan' | 'residues'>): ErasureCall[] {
  const groups = new Map(plan.map((call): [string, Residue[]] => [call, []]));
  for (const residue of residues) if (residue.erasableBy !== null) groups.get(residue.erasableBy)?.push(residue);
  return [...groups].map(([call, group]) => {
    const { provider } = group[0] as Residue;
    const path = provider === 'understudy' ? undefined : /^DELETE (\/.+)$/.exec(call)?.[1];
    return { call, path, provider, residues: group };
  });
}

/** The rows that the plan does not remove, each with its residues. */
export function unerasableRows({ unerasable, residues }: Pick<ErasureResult, 'unerasable' | 'residues'>) {
  const name = ({ provider, resource, id }: Unerasable | Residue) => JSON.stringify([provider, resource, id]);
  const left = new Map<string, Residue[]>(unerasable.map((row) => [name(row), []]));
  for (const residue of residues) if (residue.erasableBy === null) left.get(name(residue))?.push(residue);
  return unerasable.map((row) => ({ row, residues: left.get(name(row)) as Residue[] }));
}

/** The match of a residue and its encodings, e.g. `exact, percent-encoded`. */
export function matchText({ match, encodings = [] }: Residue): string {
  return [match, ...encodings].join(', ');
}

/** How many residues decide the result: all but matches inside longer identifiers. */
export function decisiveCount(residues: readonly Residue[]): number {
  return residues.filter(({ match }) => match !== 'inside').length;
}

/** What the check did not search or list, one sentence each. */
export function limitsOf({ linked, linksForgotten, linkedTruncated, outOfReach, truncated }: ErasureResult): string[] {
  return [
    ...(linked === false ? ['Linked identities were not searched, only the given subjects.'] : []),
    ...(linkedTruncated === true ? ['There are more linked identities than were searched.'] : []),
    ...(linksForgotten === undefined
      ? []
      : [`The links of ${count(linksForgotten, 'row')} have been forgotten; what only they lead to was not searched.`]),
    ...(outOfReach ?? []),
    ...(truncated === true ? ['Only the first residues are listed.'] : []),
  ];
}

/** The subjects in a text: one per line, or separated by commas. */
export function subjectsIn(text: string): string[] {
  const parts = text.split(/[\n,]/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}
