// `understudy reset`: puts a sandbox, or all of them, back to where they started.
import { RESET_SCOPES, type ResetScope } from '../../core/sandbox/reset-scopes.ts';
import { isSandboxName } from '../../core/sandbox/sandbox-name.ts';
import { EXIT, UsageError } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { choices, onOff, setting } from '../values.ts';
import { ASKING_ONE, Asking } from './asking.ts';

type Target = 'fixtures' | 'empty' | { readonly snapshot: string };

const SETTINGS = {
  all: setting({ value: null, fallback: false, flagOnly: true, read: onOff, help: 'every sandbox there is' }),
  to: setting<Target>({
    value: 'fixtures|empty|snapshot:<name>',
    fallback: 'fixtures',
    flagOnly: true,
    read(word) {
      if (word === 'fixtures' || word === 'empty') return word;
      const [, snapshot] = /^snapshot:(.*)$/.exec(word) ?? [];
      if (snapshot === undefined || !isSandboxName(snapshot))
        throw new Error('takes fixtures, empty or snapshot:<name>');
      return { snapshot };
    },
    help: 'what it holds afterwards',
  }),
  scope: setting<readonly ResetScope[]>({
    value: 'part',
    fallback: [],
    flagOnly: true,
    repeatable: true,
    read: choices(...RESET_SCOPES),
    help: `only these parts of it: ${RESET_SCOPES.join(', ')}`,
  }),
  ...ASKING_ONE,
} as const;

export const reset: Command = {
  name: 'reset',
  summary: 'puts a sandbox, or all of them, back to the fixtures, to no rows, or to a snapshot',
  actions: [
    action({ name: '', argument: '', summary: 'puts it back and prints nothing', settings: SETTINGS, run: putBack }),
  ],
  examples: [
    'understudy reset',
    'understudy reset --all --to empty',
    'understudy reset --sandbox worker-3 --to snapshot:before --scope state,requests',
  ],
};

async function putBack(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, flags } = call;
  const { to, scope, all, sandbox } = config;
  if (all && flags.has('sandbox')) throw new UsageError('reset takes --all or --sandbox, not both.');
  await new Asking(call).ask('POST', all ? '/reset?sandbox=*' : '/reset', {
    body: { to, ...(scope.length === 0 ? {} : { scope }) },
    // A name that comes from the variable gives way to --all.
    sandbox: all ? null : sandbox,
    what: 'resetting',
  });
  return EXIT.done;
}
