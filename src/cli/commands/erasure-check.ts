// `understudy erasure-check`: finds what is left of a person in a sandbox, and exits with 1 when anything is.
import type { ErasureResult } from '../../core/deletions/erasure.ts';
import { PLACES, type Place } from '../../core/deletions/erasure-findings.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { type Page, printable } from '../page.ts';
import { count, writeTable } from '../table.ts';
import { choices, setting } from '../values.ts';
import { ControlClient, SANDBOX_SETTINGS } from './control-client.ts';

const SETTINGS = {
  include: setting<readonly Place[]>({
    value: 'place',
    fallback: ['state'],
    repeatable: true,
    read: choices(...PLACES),
    help: `where to search: ${PLACES.join(', ')}; by default only state`,
  }),
  ...SANDBOX_SETTINGS,
} as const;

export const erasureCheck: Command = {
  name: 'erasure-check',
  summary: 'Find what is left of a person, and the call that deletes it',
  actions: [
    action({
      name: '',
      argument: '<subject...>',
      summary: 'Find what is left of the person with these names, addresses and ids',
      settings: SETTINGS,
      exit: { yes: 'nothing is left', no: 'something is left' },
      run: check,
    }),
  ],
  examples: [
    'understudy erasure-check alice@example.com user-42',
    'understudy erasure-check user-42 --include state,journal --sandbox worker-3',
  ],
};

async function check(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, words: subjects, shell } = call;
  const client = new ControlClient(call);
  const result = await client.send<ErasureResult>('POST', '/erasure-checks', {
    body: { subjects, include: config.include },
    doing: `searching for ${subjects.map(printable).join(', ')}`,
  });
  if (!client.wroteJson(result)) report(shell.out, result);
  return result.clean ? EXIT.yes : EXIT.no;
}

/** Prints the result for people. */
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
    erasableBy,
  ]);
  writeTable(out, ['PROVIDER', 'RESOURCE', 'ID', 'FIELD', 'MATCH', 'ERASE WITH'], rows);
  const found = `${truncated ? 'more than ' : ''}${count(residues.length, 'residue')}`;
  out.write(`\nleft: ${found} of ${whom} (${where})\n`);
}
