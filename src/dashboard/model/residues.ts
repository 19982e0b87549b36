// What an erasure check found, by the call that would remove it.
import type { Residue } from './answers.ts';

/** Residues that one call removes. */
export interface ErasureCall {
  /** As the server names it, e.g. `DELETE /conductor/v1/end-users/end_usr_1`. */
  readonly call: string;
  /** The path, where the call is a DELETE at a provider. */
  readonly path: string | undefined;
  readonly provider: string;
  readonly residues: readonly Residue[];
}

/** One remedy a call, in the order they were found. */
export function groupByCall(residues: readonly Residue[]): ErasureCall[] {
  const groups = new Map<string, Residue[]>();
  for (const residue of residues) {
    const group = groups.get(residue.erasableBy);
    if (group === undefined) groups.set(residue.erasableBy, [residue]);
    else group.push(residue);
  }
  return [...groups].map(([call, group]) => {
    const { provider } = group[0] as Residue;
    const path = provider === 'understudy' ? undefined : /^DELETE (\/.+)$/.exec(call)?.[1];
    return { call, path, provider, residues: group };
  });
}

/** The subjects somebody typed: one a line, or separated by commas. */
export function subjectsIn(text: string): string[] {
  const parts = text.split(/[\n,]/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}
