// `understudy erasure-check`: asks a running server what is left of a person, prints it, and fails when anything is.
import { ControlPlane, ControlPlaneError } from '../client/control-plane.ts';
import type { ErasureResult } from '../core/erasure.ts';

/** Whom to look for, where, and how to say what was found. */
export interface ErasureConfig {
  readonly url: string | null;
  readonly port: number;
  readonly 'admin-port': number | null;
  readonly 'admin-token': string | null;
  readonly sandbox: string | null;
  readonly include: readonly string[];
  readonly json: boolean;
}

/** How long a check may take: a million rows need a few seconds. */
const PATIENCE = 300_000;

const LEFT = 1;
const NOT_ASKED = 2;

/** Returns 0 when nothing is left, 1 when something is, 2 when that could not be found out. */
export async function checkErasure(
  config: ErasureConfig,
  subjects: readonly string[],
  out: { write(text: string): unknown },
): Promise<number> {
  const origin = config.url ?? `http://127.0.0.1:${config['admin-port'] ?? config.port}`;
  const fail = (sentence: string) => {
    out.write(`understudy: ${sentence}\n`);
    return NOT_ASKED;
  };
  if (subjects.length === 0)
    return fail('erasure-check takes the names to look for: understudy erasure-check <subject>…');
  const server = new ControlPlane({ origin, token: config['admin-token'] });
  try {
    const result = await server.call<ErasureResult>('POST', '/erasure-checks', {
      sandbox: config.sandbox,
      body: { subjects, include: config.include },
      signal: AbortSignal.timeout(PATIENCE),
    });
    out.write(config.json ? `${JSON.stringify(result)}\n` : report(result));
    return result.clean ? 0 : LEFT;
  } catch (error) {
    if (error instanceof ControlPlaneError) return fail(error.message);
    throw error;
  }
}

/** The result in words and columns. */
function report({ clean, subjects, searched, residues, truncated }: ErasureResult): string {
  const whom = subjects.map(printable).join(', ');
  const where = `${count(searched.rows, 'row')} in ${count(searched.resources, 'resource')}`;
  if (clean) return `clean: nothing of ${whom} is left (${where})\n`;
  const rows = residues.map(({ provider, resource, id, field, match, erasableBy }) =>
    [provider, resource, id, field, match, erasableBy].map(printable),
  );
  const found = `${truncated ? 'more than ' : ''}${count(residues.length, 'residue')}`;
  return `${aligned([['PROVIDER', 'RESOURCE', 'ID', 'FIELD', 'MATCH', 'ERASE WITH'], ...rows])}\nleft: ${found} of ${whom} (${where})\n`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, n) => Math.max(most[n] ?? 0, [...cell].length)),
    [],
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, n) => cell + ' '.repeat((widths[n] as number) - [...cell].length))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Ids are whatever a client chose; one with a control character in it must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
