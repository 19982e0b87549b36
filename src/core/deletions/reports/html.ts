// The HTML report of an erasure check: a single file without external requests, for light and dark, phone and print.
import { escaped } from './markup.ts';
import { type ErasureReport, receiptLine } from './report.ts';
import { STYLE } from './style.ts';
import { limitsOf, matchText, planLines, verdictOf } from './text.ts';

/** Renders the report. */
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
${limitsOf(result)
  .map((limit) => `<p class="note">${escaped(limit)}</p>`)
  .join('\n')}
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
${section(
  'Linked identities, also searched',
  linked === false ? [] : linked,
  ['Value', 'Seen as', 'On', 'At'],
  ({ value, linkedBy: { provider, resource, id, field, at } }) => [
    code(value),
    escaped(`${provider} ${resource}.${field}`),
    code(id),
    escaped(at),
  ],
)}
${section('Residues', residues, ['Row', 'Field', 'Match', 'Removed by'], (residue) => [
  `${escaped(`${residue.provider} ${residue.resource}`)} ${code(residue.id)}`,
  escaped(residue.field),
  escaped(matchText(residue)),
  residue.erasableBy === null ? 'no request' : code(residue.erasableBy),
])}
${
  plan.length === 0
    ? ''
    : `<h2>Requests that remove them, in order</h2>\n<ol>${planLines(result)
        .map((call) => `<li>${code(call)}</li>`)
        .join('')}</ol>`
}
${section(
  'Rows that no request removes without deleting rows of others',
  unerasable,
  ['Row', 'Fields', 'Instead'],
  (one) => [
    `${escaped(`${one.provider} ${one.resource}`)} ${code(one.id)}`,
    escaped(one.fields.join(', ')),
    escaped(one.instead),
  ],
)}
<h2>Deletions recorded for these subjects</h2>
${receipts.length === 0 ? '<p>No receipt names a subject or a linked identity.</p>' : `<ul>${receipts.map((one) => `<li>${escaped(receiptLine(one))}</li>`).join('')}</ul>`}
</main>
</body>
</html>
`;
}

/** A heading and a table; empty without rows. Cells are HTML. */
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
