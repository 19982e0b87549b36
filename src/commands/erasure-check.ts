// `understudy erasure-check`: asks a running server what is left of a person, prints it, and fails when anything is.
import type { ErasureResult } from '../core/erasure.ts';
import type { Problem } from '../core/problem.ts';

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
  const origin = config.url?.replace(/\/+$/, '') ?? `http://127.0.0.1:${config['admin-port'] ?? config.port}`;
  const fail = (sentence: string) => {
    out.write(`understudy: ${sentence}\n`);
    return NOT_ASKED;
  };
  if (subjects.length === 0)
    return fail('erasure-check takes the names to look for: understudy erasure-check <subject>…');
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`${origin}/__admin/erasure-checks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(config.sandbox === null ? {} : { 'x-understudy-sandbox': config.sandbox }),
        ...(config['admin-token'] === null ? {} : { authorization: `Bearer ${config['admin-token']}` }),
      },
      body: JSON.stringify({ subjects, include: config.include }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    text = await answer.text();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return fail(`${origin} cannot be asked (${cause?.message || message}); start it, or name it with --url.`);
  }
  const body = readJson(text);
  if (!answer.ok || body === undefined) {
    const detail = (body as Problem['extra'] | undefined)?.detail;
    return fail(`${origin} answered ${answer.status}: ${detail ?? 'it does not seem to be Understudy.'}`);
  }
  const result = body as ErasureResult;
  out.write(config.json ? `${text}\n` : report(result));
  return result.clean ? 0 : LEFT;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
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
