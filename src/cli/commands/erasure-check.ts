// `understudy erasure-check`: asks a running server what is left of a person, prints it, and fails when anything is.
import type { ErasureResult } from '../../control/schemas.ts';
import { PLACES, type Place } from '../../core/deletions/erasure-findings.ts';
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import type { Page } from '../page.ts';
import { printable } from '../page.ts';
import { count, writeTable } from '../table.ts';
import { choices, setting } from '../values.ts';
import { ASKING_ONE, Asking } from './asking.ts';

const SETTINGS = {
  include: setting<readonly Place[]>({
    value: 'place',
    fallback: ['state'],
    repeatable: true,
    read: choices(...PLACES),
    help: `where to search: ${PLACES.join(', ')}; by default state alone`,
  }),
  ...ASKING_ONE,
} as const;

export const erasureCheck: Command = {
  name: 'erasure-check',
  summary: 'finds whatever is left of a person, and the call that removes it',
  actions: [
    action({
      name: '',
      argument: '<subject>…',
      summary: 'looks for these names, addresses and ids',
      settings: SETTINGS,
      run: check,
    }),
  ],
  examples: [
    'understudy erasure-check alice@example.com user-42',
    'understudy erasure-check user-42 --include state,journal --sandbox worker-3',
  ],
  exit: '0 nothing is left; 1 something is; 2 that could not be found out',
};

async function check(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, words: subjects, shell } = call;
  const asking = new Asking(call);
  const result = await asking.ask<ErasureResult>('POST', '/erasure-checks', {
    body: { subjects, include: config.include },
    what: `looking for what is left of ${subjects.map(printable).join(', ')}`,
  });
  if (!asking.wroteJson(result)) report(shell.out, result);
  return result.clean ? EXIT.done : EXIT.no;
}

/** The result in words and columns. */
function report(out: Page, { clean, subjects, searched, residues, truncated }: ErasureResult): void {
  const whom = subjects.map(printable).join(', ');
  const where = `${count(searched.rows, 'row')} in ${count(searched.resources, 'resource')}`;
  if (clean) return void out.write(`clean: nothing of ${whom} is left (${where})\n`);
  const rows = residues.map(({ provider, resource, id, field, match, erasableBy }) => [
    provider,
    resource,
    id,
    field,
    match,
    erasableBy ?? '-',
  ]);
  writeTable(out, ['PROVIDER', 'RESOURCE', 'ID', 'FIELD', 'MATCH', 'ERASE WITH'], rows);
  const found = `${truncated ? 'more than ' : ''}${count(residues.length, 'residue')}`;
  out.write(`\nleft: ${found} of ${whom} (${where})\n`);
}
