// Sandboxes to choose from: found by a part of their name, made under a name that can be used.
import type { Sandbox } from './answers.ts';

/** How many are offered at once. */
const OFFERED = 50;

/** Those whose name has the text in it, best first: the same name, then names that begin with it. */
export function matching(sandboxes: readonly Sandbox[], text: string): Sandbox[] {
  const wanted = text.trim().toLowerCase();
  const rank = ({ name }: Sandbox) => {
    const lower = name.toLowerCase();
    return lower === wanted ? 0 : lower.startsWith(wanted) ? 1 : 2;
  };
  return sandboxes
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, OFFERED);
}

/** Where a new sandbox's rows come from. */
export type Origin = 'fixtures' | 'empty' | 'fork';

/** The body that makes a sandbox; without a name the server gives it one. */
export function createBody(name: string, from: Origin, current: string): { name?: string; from: object | string } {
  return {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    from: from === 'fork' ? { sandbox: current } : from,
  };
}
