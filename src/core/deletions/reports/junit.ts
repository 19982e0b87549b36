// The JUnit XML report of an erasure check: one test case for the verdict, one for each row that is left.
import { escaped } from './markup.ts';
import { type ErasureReport, receiptLine } from './report.ts';
import { remarksOf, residuesByRow, verdictOf } from './text.ts';

/** Renders the report. The suite fails when anything is left. */
export function junitOf({ sandbox, include, result, receipts }: ErasureReport): string {
  const { clean, subjects, at, residues, searched, linked } = result;
  const left = residuesByRow(residues.filter(({ match }) => match !== 'inside'));
  const cases = [
    testCase(
      `nothing of ${subjects.join(', ')} is left`,
      clean ? null : { message: verdictOf(result), lines: remarksOf(result) },
    ),
    ...left.map(({ row, fields }) => testCase(row, { message: fields.join(', '), lines: fields })),
  ];
  const failures = clean ? 0 : cases.length;
  const properties = {
    subjects: subjects.join(', '),
    sandbox,
    at,
    include: include.join(', '),
    resources: String(searched.resources),
    rows: String(searched.rows),
    linked: linked === false ? 'not searched' : linked.map(({ value }) => value).join(', '),
  };
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
  const output = [...remarksOf(result), 'deletions recorded for these subjects:', ...receipts.map(receiptLine)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Understudy" ${counts}>`,
    `  <testsuite name="erasure check" ${counts} timestamp="${escaped(at.replace(/\.\d+Z$/, ''))}">`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property name="${name}" value="${escaped(value)}"/>`),
    '    </properties>',
    ...cases,
    `    <system-out>${text(output)}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(name: string, failure: { message: string; lines: readonly string[] } | null): string {
  const open = `    <testcase classname="erasure" name="${escaped(name)}"`;
  if (failure === null) return `${open}/>`;
  const { message, lines } = failure;
  return `${open}><failure message="${escaped(message)}" type="residue">${text(lines)}</failure></testcase>`;
}

function text(lines: readonly string[]): string {
  return lines.map(escaped).join('\n');
}
