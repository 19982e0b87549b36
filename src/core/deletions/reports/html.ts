// An erasure check as one HTML file for a reviewer: light and dark, on a telephone and on paper, without a request.
import type { ErasureResult } from '../erasure.ts';
import { escaped } from './markup.ts';
import { type ErasureReport, receiptLine } from './report.ts';
import { STYLE } from './style.ts';
import { verdictOf } from './text.ts';

/** The report as a file. */
export function htmlOf({ sandbox, include, result, receipts }: ErasureReport): string {
  const { clean, subjects, at, linked, plan, unerasable, residues } = result;
  const facts = [
    ['Subjects', subjects.map(code).join(' ')],
    ['Sandbox', code(sandbox)],
    ['When', `<time datetime="${escaped(at)}">${escaped(at)}</time>`],
    ['Where', escaped(include.join(', '))],
    ['Searched', `${result.searched.rows} rows in ${result.searched.resources} resources`],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Erasure check: ${escaped(subjects.join(', '))}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Erasure check</h1>
<p class="verdict ${clean ? 'clean' : 'left'}">${escaped(verdictOf(result))}</p>
${notes(result)}
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
${section(
  'Also looked for',
  linked === false ? [] : linked,
  ['Value', 'Seen as', 'On', 'At'],
  ({ value, linkedBy: { provider, resource, id, field, at } }) => [
    code(value),
    escaped(`${provider} ${resource}.${field}`),
    code(id),
    escaped(at),
  ],
)}
${section(
  'Residues',
  residues,
  ['Row', 'Field', 'Match', 'Removed by'],
  ({ provider, resource, id, field, match, erasableBy }) => [
    `${escaped(`${provider} ${resource}`)} ${code(id)}`,
    escaped(field),
    escaped(match),
    erasableBy === null ? 'no call' : code(erasableBy),
  ],
)}
${plan.length === 0 ? '' : `<h2>Calls that remove them, in order</h2>\n<ol>${plan.map((call) => `<li>${code(call)}</li>`).join('')}</ol>`}
${section('Removed by no call without rows of others', unerasable, ['Row', 'Fields', 'Instead'], (one) => [
  `${escaped(`${one.provider} ${one.resource}`)} ${code(one.id)}`,
  escaped(one.fields.join(', ')),
  escaped(one.instead),
])}
<h2>Deletions that led there</h2>
${receipts.length === 0 ? '<p>There is no receipt of one that names a subject.</p>' : `<ul>${receipts.map((one) => `<li>${escaped(receiptLine(one))}</li>`).join('')}</ul>`}
</main>
</body>
</html>
`;
}

function notes({ linked, linksForgotten, linkedTruncated, truncated }: ErasureResult): string {
  const lines = [
    ...(linked === false ? ['Linked identities were not looked for, only the subjects themselves.'] : []),
    ...(linksForgotten === undefined
      ? []
      : [`The links of ${linksForgotten} rows are forgotten: what led from them to others was not looked for.`]),
    ...(linkedTruncated ? ['There are more linked values than were looked for.'] : []),
    ...(truncated ? ['There are more residues than are listed.'] : []),
  ];
  return lines.map((line) => `<p class="note">${line}</p>`).join('\n');
}

/** A table under its heading; nothing when it has no rows. The cells are HTML. */
function section<T>(
  title: string,
  rows: readonly T[],
  head: readonly string[],
  cells: (row: T) => readonly string[],
): string {
  if (rows.length === 0) return '';
  const body = rows.map((row) => {
    return `<tr>${cells(row)
      .map((cell, n) => `<td data-head="${head[n]}"><span>${cell}</span></td>`)
      .join('')}</tr>`;
  });
  return `<h2>${title}</h2>
<div class="table"><table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody></table></div>`;
}

function code(value: string): string {
  return `<code>${escaped(value)}</code>`;
}
