// `understudy deletions`: lists the receipts of deletions in a sandbox, and shows one.
import type { Receipt } from '../../control/schemas.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { printable } from '../page.ts';
import { count, writeTable } from '../table.ts';
import { ControlClient, query, SANDBOX_SETTINGS } from './control-client.ts';
import { limitSetting, sinceSetting } from './list-settings.ts';
import { PATTERN } from './pattern-settings.ts';

const { provider, operation } = PATTERN;
const LISTING = { provider, operation, limit: limitSetting, since: sinceSetting, ...SANDBOX_SETTINGS } as const;

export const deletions: Command = {
  name: 'deletions',
  alias: 'deletion',
  summary: 'List deletions, and show what each of them deleted',
  actions: [
    action({ name: 'list', summary: 'List deletions, newest first', settings: LISTING, run: list }),
    action({
      name: 'show',
      argument: '<request>',
      summary: 'Show what one deletion deleted; the id is the X-Understudy-Request header of its response',
      settings: SANDBOX_SETTINGS,
      run: show,
    }),
  ],
  examples: ['understudy deletions list --provider conductor --limit 10', 'understudy deletions show bdyycij3dlkz9ix7'],
};

async function list(call: Call<typeof LISTING>): Promise<number> {
  const { provider, operation, limit, since } = call.config;
  return await new ControlClient(call).printList(
    'deletions',
    ['GET', query('/deletions', { provider, operation, limit, since })],
    ['REQUEST', 'PROVIDER', 'OPERATION', 'ROOT', 'DELETED', 'NOTE', 'AT'],
    (receipt: Receipt) => [
      receipt.requestId,
      receipt.provider,
      receipt.operation,
      `${receipt.root.resource} ${receipt.root.id}`,
      Object.entries(receipt.counts)
        .map(([resource, rows]) => `${resource} ${rows}`)
        .join(', '),
      noteOf(receipt),
      receipt.at,
    ],
  );
}

async function show(call: Call<typeof SANDBOX_SETTINGS>): Promise<number> {
  const client = new ControlClient(call);
  const receipt = await client.send<Receipt>('GET', `/deletions/${encodeURIComponent(call.words[0] as string)}`);
  if (client.wroteJson(receipt)) return EXIT.yes;
  const { out } = call.shell;
  const { root, deleted, detached, operation, provider, at, truncated } = receipt;
  const note = noteOf(receipt);
  out.write(
    `${printable(`${provider} ${operation} of ${root.resource} ${root.id} at ${at}`)}${note && `, ${note}`}\n\n`,
  );
  writeTable(
    out,
    ['CHANGE', 'RESOURCE', 'ID', 'BY'],
    [
      ['deleted', root.resource, root.id, ''],
      ...deleted.map(({ resource, id, via }) => ['deleted', resource, id, via ?? '']),
      ...detached.map(({ resource, id, field }) => ['detached', resource, id, field]),
    ],
  );
  const rows = Object.values(receipt.counts).reduce((all, rows) => all + rows, 0);
  if (truncated) out.write(`\nand more: ${count(rows, 'row')} in total\n`);
  return EXIT.yes;
}

function noteOf({ dryRun, answered }: Receipt): string {
  return [...(dryRun ? ['dry run'] : []), ...(answered ? [] : ['response lost'])].join(', ');
}
