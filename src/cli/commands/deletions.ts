// `understudy deletions`: the receipts of what was deleted in a sandbox, in a list or one by one.
import type { Receipt } from '../../control/schemas.ts';
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { printable } from '../page.ts';
import { count, writeTable } from '../table.ts';
import { ASKING_ONE, Asking, query } from './asking.ts';
import { limitSetting, sinceSetting, tellRest } from './lists.ts';
import { PATTERN } from './pattern-settings.ts';

const { provider, operation } = PATTERN;
const LISTING = { provider, operation, limit: limitSetting, since: sinceSetting, ...ASKING_ONE } as const;

export const deletions: Command = {
  name: 'deletions',
  summary: 'lists what was deleted, and shows what each deletion took along',
  actions: [
    action({ name: 'list', argument: '', summary: 'lists them, newest first', settings: LISTING, run: list }),
    action({
      name: 'show',
      argument: '<request>',
      summary: 'shows what went along with one; the id is the X-Understudy-Request of its answer',
      settings: ASKING_ONE,
      run: show,
    }),
  ],
  examples: ['understudy deletions --provider conductor --limit 10', 'understudy deletions show bdyycij3dlkz9ix7'],
};

async function list(call: Call<typeof LISTING>): Promise<number> {
  const { provider, operation, limit, since } = call.config;
  const asking = new Asking(call);
  const path = query('/deletions', { provider, operation, limit, since });
  const answer = await asking.ask<{ deletions: Receipt[]; meta: { total: number } }>('GET', path);
  if (asking.wroteJson(answer)) return EXIT.done;
  const rows = answer.deletions.map((receipt) => [
    receipt.requestId,
    receipt.provider,
    receipt.operation,
    `${receipt.root.resource} ${receipt.root.id}`,
    Object.entries(receipt.counts)
      .map(([resource, rows]) => `${resource} ${rows}`)
      .join(', '),
    remarks(receipt),
    receipt.at,
  ]);
  writeTable(call.shell.out, ['REQUEST', 'PROVIDER', 'OPERATION', 'ROOT', 'DELETED', 'NOTE', 'AT'], rows);
  tellRest(call.shell, rows.length, answer.meta.total);
  return EXIT.done;
}

async function show(call: Call<typeof ASKING_ONE>): Promise<number> {
  const asking = new Asking(call);
  const path = `/deletions/${encodeURIComponent(call.words[0] as string)}`;
  const receipt = await asking.ask<Receipt>('GET', path);
  if (asking.wroteJson(receipt)) return EXIT.done;
  const { out } = call.shell;
  const { root, deleted, detached, operation, provider, at, truncated } = receipt;
  const note = remarks(receipt);
  out.write(
    `${printable(`${provider} ${operation} of ${root.resource} ${root.id} at ${at}`)}${note && `, ${note}`}\n\n`,
  );
  writeTable(
    out,
    ['WHAT', 'RESOURCE', 'ID', 'BY'],
    [
      ['deleted', root.resource, root.id, ''],
      ...deleted.map(({ resource, id, via }) => ['deleted', resource, id, via ?? '']),
      ...detached.map(({ resource, id, field }) => ['detached', resource, id, field]),
    ],
  );
  if (truncated) out.write(`\nand more: ${count(sum(receipt.counts), 'row')} in all\n`);
  return EXIT.done;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, rows) => all + rows, 0);
}

function remarks({ dryRun, answered }: Receipt): string {
  return [...(dryRun ? ['dry run'] : []), ...(answered ? [] : ['its answer was lost'])].join(', ');
}
