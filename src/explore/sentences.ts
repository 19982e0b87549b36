// What came of a run, in sentences that every report uses.
import type { Finding } from './compare.ts';
import type { ExploredRun } from './explored-run.ts';

/** How the command ended: `exit 1`. */
export function endOf({ ended, durationMs }: Pick<ExploredRun, 'ended' | 'durationMs'>): string {
  const { exit, signal, timedOut } = ended;
  if (timedOut) return `stopped at the time limit, after ${Math.round(durationMs / 1000)} s`;
  return signal === null ? `exit ${exit}` : `ended by ${signal}`;
}

/** The rows that differ from the baseline, by kind: `left: pagecall users user-42`. */
export function rowsOf({ findings }: Pick<ExploredRun, 'findings'>): string[] {
  const kinds = [...new Set(findings.map(({ what }) => what))];
  return kinds.map((kind) => `${kind}: ${listOf(findings.filter(({ what }) => what === kind))}`);
}

/** Whether running the code again completes the work, where that was tried. */
export function retryOf({ healsOnRetry }: Pick<ExploredRun, 'healsOnRetry'>): string[] {
  if (healsOnRetry === null) return [];
  return [healsOnRetry ? 'running it again heals it' : 'running it again does not heal it'];
}

/** What is left of the person, where that was checked. */
export function remainsOf({ remains }: Pick<ExploredRun, 'remains'>): string[] {
  if (remains === null) return [];
  return [remains.length === 0 ? 'nothing is left of the subjects' : `left of the subjects: ${cut(remains)}`];
}

/** The rules that the client breaks: `client: gave up after 500 (retries-transient-errors)`. */
export function clientOf({ clients }: Pick<ExploredRun, 'clients'>): string[] {
  const broken = clients.filter(({ passed }) => passed === false);
  return [...new Set(broken.map(({ detail, rule }) => `client: ${detail} (${rule})`))];
}

/** What the other client of a race did: `another client sent DELETE /pagecall/v1/users/user-42 just before (200)`. */
export function rivalOf({ rival, phase }: Pick<ExploredRun, 'rival' | 'phase'>): string[] {
  if (rival === null) return [];
  return [
    `another client sent ${rival.method} ${rival.url} just ${phase === 'before' ? 'before' : 'after'} (${rival.status})`,
  ];
}

/** Everything that came of a run. */
export function outcomeOf(run: ExploredRun): string[] {
  const rival = rivalOf(run);
  if (run.verdict === 'failed-cleanly')
    return [
      `${endOf(run)}, ${rival.length === 0 ? 'nothing has changed' : 'it has changed nothing'}`,
      ...rival,
      ...retryOf(run),
    ];
  return [
    `${endOf(run)}${run.reached ? '' : ', without the call that was to fail'}`,
    ...rival,
    ...rowsOf(run),
    ...remainsOf(run),
    ...clientOf(run),
    ...retryOf(run),
  ];
}

/** How many rows of a kind are named. */
const NAMED = 3;

function listOf(findings: readonly Finding[]): string {
  return cut(
    findings.map(({ provider, resource, id, detail }) =>
      [`${provider} ${resource} ${id}`, ...(detail === undefined ? [] : [detail])].join(' '),
    ),
  );
}

function cut(rows: readonly string[]): string {
  const more = rows.length - NAMED;
  return more > 0 ? `${rows.slice(0, NAMED).join(', ')}, and ${more} more` : rows.join(', ');
}
