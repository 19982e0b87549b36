// `understudy reset`: resets one sandbox, or all of them, to the fixtures, to no rows or to a snapshot.
import { RESET_SCOPES, type ResetScope } from '../../core/sandbox/reset-scopes.ts';
import { isSandboxName } from '../../core/sandbox/sandbox-name.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT, UsageError } from '../failures.ts';
import { choices, flagSwitch, setting } from '../values.ts';
import { ControlClient, SANDBOX_SETTINGS } from './control-client.ts';

type Target = 'fixtures' | 'empty' | { readonly snapshot: string };

const SETTINGS = {
  all: flagSwitch('reset every sandbox'),
  to: setting<Target>({
    value: 'target',
    fallback: 'fixtures',
    flagOnly: true,
    read(word) {
      if (word === 'fixtures' || word === 'empty') return word;
      const [, snapshot] = /^snapshot:(.*)$/.exec(word) ?? [];
      if (snapshot === undefined || !isSandboxName(snapshot))
        throw new Error('takes fixtures, empty or snapshot:<name>');
      return { snapshot };
    },
    help: 'what it contains afterwards: fixtures, empty or snapshot:<name>',
  }),
  scope: setting<readonly ResetScope[]>({
    value: 'part',
    fallback: [],
    flagOnly: true,
    repeatable: true,
    read: choices(...RESET_SCOPES),
    help: `reset only these parts: ${RESET_SCOPES.join(', ')}`,
  }),
  ...SANDBOX_SETTINGS,
} as const;

const SUMMARY = 'Reset a sandbox, or all of them, to the fixtures, to no rows, or to a snapshot';

export const reset: Command = {
  name: 'reset',
  summary: SUMMARY,
  actions: [action({ name: '', summary: SUMMARY, settings: SETTINGS, run })],
  examples: [
    'understudy reset',
    'understudy reset --all --to empty',
    'understudy reset --sandbox worker-3 --to snapshot:before --scope state,requests',
  ],
};

async function run(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, flags } = call;
  const { to, scope, all, sandbox } = config;
  if (all && flags.has('sandbox')) throw new UsageError('reset takes --all or --sandbox, not both.');
  await new ControlClient(call).send('POST', all ? '/reset?sandbox=*' : '/reset', {
    body: { to, ...(scope.length === 0 ? {} : { scope }) },
    // --all wins over UNDERSTUDY_SANDBOX.
    sandbox: all ? null : sandbox,
    doing: 'resetting',
  });
  return EXIT.yes;
}
