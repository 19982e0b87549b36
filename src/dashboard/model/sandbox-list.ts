// Sandboxes: search by name, and the request body that creates one.
import type { SandboxInfo } from '../../control/schemas.ts';

/** How many matches are shown. */
const MATCHES = 50;

/** Sandboxes with the text in their name, best match first: exact, then prefix, then substring. */
export function matching<Named extends Pick<SandboxInfo, 'name'>>(sandboxes: readonly Named[], text: string): Named[] {
  const wanted = text.trim().toLowerCase();
  const rank = ({ name }: Named) => {
    const lower = name.toLowerCase();
    return lower === wanted ? 0 : lower.startsWith(wanted) ? 1 : 2;
  };
  return sandboxes
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MATCHES);
}

/** What a new sandbox starts with. */
export type Origin = 'fixtures' | 'empty' | 'fork';

/** The body that creates a sandbox; without a name the server generates one. */
export function createBody(name: string, from: Origin, current: string): { name?: string; from: object | string } {
  return {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    from: from === 'fork' ? { sandbox: current } : from,
  };
}
