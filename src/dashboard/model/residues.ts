// Groups the residues of an erasure check by the call that removes them.
import type { Residue } from '../../control/schemas.ts';

/** A call and the residues it removes. */
export interface ErasureCall {
  /** As the server names it, e.g. `DELETE /conductor/v1/end-users/end_usr_1`. */
  readonly call: string;
  /** The path, where the call is a DELETE at a provider. */
  readonly path: string | undefined;
  readonly provider: string;
  readonly residues: readonly Residue[];
}

/** The residues by call, in the order found. */
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

/** The subjects in a text: one per line, or separated by commas. */
export function subjectsIn(text: string): string[] {
  const parts = text.split(/[\n,]/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}
