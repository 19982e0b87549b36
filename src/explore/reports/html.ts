// The HTML report on an exploration: a single file without scripts and external requests, for light, dark and phones.
import { escaped } from '../../core/deletions/reports/markup.ts';
import { STYLE } from '../../core/deletions/reports/style.ts';
import type { ExploredRun } from '../explored-run.ts';
import { worstFirst } from '../stories.ts';
import { VERDICT_NAMES, VERDICTS, wordsOf } from '../verdict.ts';
import { runDetails } from './html-run.ts';
import { MATRIX_STYLE, toneOf } from './html-style.ts';
import { type ExplorationReport, remarksOf } from './report.ts';
import { summaryOf } from './text.ts';

/** Renders the report. */
export function htmlOf(report: ExplorationReport): string {
  const { command, runs, failOn, baseline, seed } = report;
  const failed = runs.some(({ verdict }) => failOn.includes(verdict));
  const facts = [
    ['Command', `<code>${escaped(command.join(' '))}</code>`],
    ['Seed', `<code>${escaped(seed)}</code>`],
    ['Calls', `${baseline.calls.length} without a fault, in ${baseline.durationMs} ms`],
  ];
  const providers = [...new Set(runs.map(({ call }) => call.provider))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Exploration: ${escaped(command.join(' '))}</title>
<style>${STYLE}${MATRIX_STYLE}</style>
</head>
<body>
<main>
<h1>Exploration</h1>
<p class="verdict ${failed ? 'left' : 'clean'}">${escaped(summaryOf(report))}</p>
${remarksOf(report)
  .map((remark) => `<p class="note">${escaped(remark)}</p>`)
  .join('\n')}
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
${legend(runs)}
${providers.map((provider) => matrix(provider, runs)).join('\n')}
<h2>Runs</h2>
${worstFirst(runs)
  .map((run) => runDetails(run, report))
  .join('\n')}
</main>
</body>
</html>
`;
}

function legend(runs: readonly ExploredRun[]): string {
  const used = VERDICT_NAMES.filter((name) => runs.some(({ verdict }) => verdict === name));
  const items = used.map((name) => `<li><b class="${toneOf(name)}">${wordsOf(name)}</b> ${VERDICTS[name]}</li>`);
  return `<ul class="legend">${items.join('')}</ul>`;
}

/** A table of a provider: operations across, failures down, in each cell the runs. */
function matrix(provider: string, all: readonly ExploredRun[]): string {
  const runs = all.filter(({ call }) => call.provider === provider);
  const operations = [...new Set(runs.map(({ call }) => call.operation))];
  const order = ({ failure, phase }: ExploredRun) => `${failure} ${phase === 'before' ? 0 : 1}`;
  const rows = [...new Set([...runs].sort((a, b) => order(a).localeCompare(order(b), 'en')).map(rowName))];
  const body = rows.map((row) => {
    const cells = operations.map((operation) => {
      const own = runs.filter((run) => rowName(run) === row && run.call.operation === operation);
      return `<td>${worstFirst(own).map(link).join(' ')}</td>`;
    });
    return `<tr><th scope="row">${escaped(row)}</th>${cells.join('')}</tr>`;
  });
  const head = operations.map((operation) => `<th scope="col">${escaped(operation)}</th>`);
  return `<h2>${escaped(provider)}</h2>
<div class="matrix" tabindex="0" role="region" aria-label="${escaped(provider)}"><table>
<thead><tr><th scope="col">Failure</th>${head.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody></table></div>`;
}

function rowName({ failure, phase }: ExploredRun): string {
  return `${failure}, ${phase === 'before' ? 'before' : 'after the commit'}`;
}

function link({ id, verdict }: ExploredRun): string {
  return `<a class="${toneOf(verdict)}" href="#run-${id}">${wordsOf(verdict)}</a>`;
}
