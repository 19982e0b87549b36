// One run in the HTML report: what came of it, its requests, receipts and rows, its output, and how to repeat it.
import type { JournalEntry, SnapshotDiff } from '../../control/schemas.ts';
import { escaped } from '../../core/deletions/reports/markup.ts';
import { receiptLine } from '../../core/deletions/reports/report.ts';
import { CLIENT_HEADER } from '../../core/journal/request-digest.ts';
import { keyOf } from '../effects.ts';
import type { ExploredRun } from '../explored-run.ts';
import { outcomeOf } from '../sentences.ts';
import { callName } from '../stories.ts';
import { wordsOf } from '../verdict.ts';
import { toneOf } from './html-style.ts';
import { type ExplorationReport, repeatOf } from './report.ts';

/** Renders a run, closed; a link to its id opens it, because the id is inside. */
export function runDetails(run: ExploredRun, report: ExplorationReport): string {
  const { id, verdict, call, failure, phase, requests, receipts, diff, ended } = run;
  const output = ended.output.trim();
  const changes = changesOf(diff);
  return `<details>
<summary><span class="${toneOf(verdict)}">${wordsOf(verdict)}</span> ${escaped(`${callName(call)}: ${failure} ${phase}`)}</summary>
<div class="run" id="run-${id}">
<ul>${outcomeOf(run)
    .map((line) => `<li>${escaped(line)}</li>`)
    .join('')}</ul>
<h3>Repeat it</h3>
<pre>${escaped(repeatOf(report, id))}</pre>
<h3>Requests</h3>
<ol>${requests.map((one) => `<li>${escaped(requestLine(one))}</li>`).join('')}</ol>
${part('Deletions', receipts.map(receiptLine))}
${part('Rows', changes)}
${output === '' ? '' : `<h3>Output</h3>\n<pre>${escaped(output).replaceAll('&#10;', '\n')}</pre>`}
</div>
</details>`;
}

function part(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<h3>${title}</h3>\n<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}

/** A request and what the client received: `DELETE /pagecall/v1/users/user-42 → no response (fault), 1000 ms`. */
function requestLine({ request, response, delivered, fault, durationMs }: JournalEntry): string {
  const client = request.headers[CLIENT_HEADER] === undefined ? '' : 'another client: ';
  const received = delivered ? String(response.status) : 'no response';
  return `${client}${request.method} ${request.url} → ${received}${fault === undefined ? '' : ' (fault)'}, ${Math.round(durationMs)} ms`;
}

/** The most rows that are listed. */
const LISTED = 50;

function changesOf(diff: SnapshotDiff): string[] {
  const lines = Object.entries(diff).flatMap(([provider, resources]) =>
    Object.entries(resources).flatMap(([resource, { inserts, updates, deletes }]) => {
      const line = (what: string, row: object) => `${what} ${provider} ${resource} ${JSON.stringify(row)}`;
      const key = keyOf(provider, resource);
      return [
        ...inserts.map((row) => line('created', row)),
        ...updates.map(({ after }) => line('updated', after)),
        ...deletes.map((row) => `deleted ${provider} ${resource} ${row[key]}`),
      ];
    }),
  );
  const more = lines.length - LISTED;
  return more > 0 ? [...lines.slice(0, LISTED), `and ${more} more`] : lines;
}
