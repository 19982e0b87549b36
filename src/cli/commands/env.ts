// `understudy env`: the lines that point a shell, and the SDKs in it, at a sandbox.
import { DEFAULT_SANDBOX } from '../../core/sandbox/sandbox-name.ts';
import { workerSandbox } from '../../library/worker-name.ts';
import { EXIT } from '../failures.ts';
import { action, type Call, type Command } from '../grammar.ts';
import { choice, onOff, setting } from '../values.ts';
import { ASKING_ONE, Asking, originsOf } from './asking.ts';
import { FORMATS, type Format } from './env-formats.ts';

const SETTINGS = {
  format: setting<Format>({
    value: 'format',
    fallback: 'sh',
    read: choice(...(Object.keys(FORMATS) as Format[])),
    help: `how the lines are written: ${Object.keys(FORMATS).join(', ')}`,
  }),
  offline: setting({
    value: null,
    fallback: false,
    flagOnly: true,
    read: onOff,
    help: 'ask no server: its addresses are --url, or --port, with the usual paths behind it',
  }),
  ...ASKING_ONE,
} as const;

export const env: Command = {
  name: 'env',
  summary: 'prints the lines that point a shell at a sandbox: base URLs and keys',
  actions: [
    action({
      name: '',
      argument: '',
      summary: 'asks the server for them, so that it fails when there is none',
      settings: SETTINGS,
      run: print,
    }),
  ],
  examples: [
    'eval "$(understudy env)"',
    'understudy env --sandbox worker-3 --format dotenv > .env',
    'understudy env --format fish | source',
    'understudy env --format powershell | Out-String | Invoke-Expression',
  ],
};

/** Base URL and keys by provider. */
type Places = Readonly<Record<string, Readonly<Record<string, string>>>>;

async function print(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, shell } = call;
  const name = config.sandbox ?? workerSandbox(shell.environment) ?? DEFAULT_SANDBOX;
  // What a provider's variables are called is its own to say; loading the providers is worth it only here.
  const { PROVIDERS } = await import('../../providers/index.ts');
  const origins = originsOf(call);
  const places: Places = config.offline
    ? Object.fromEntries(
        PROVIDERS.map((one) => [
          one.name,
          { baseUrl: origins.providers + one.mount + one.base, ...one.sampleKeys(name) },
        ]),
      )
    : await ask(call, name);
  const variables = PROVIDERS.flatMap(({ name, environment }) =>
    Object.entries(environment).map(([member, variable]) => [variable, places[name]?.[member] as string] as const),
  );
  const lines = [...variables, ['UNDERSTUDY_URL', origins.control], ['UNDERSTUDY_SANDBOX', name]] as const;
  shell.out.write(FORMATS[config.json ? 'json' : config.format](lines));
  return EXIT.done;
}

async function ask(call: Call<typeof SETTINGS>, name: string): Promise<Places> {
  const asking = new Asking(call);
  // Its first use makes it, unless the server knows only sandboxes that were made on purpose; then this says so.
  await asking.ask('GET', '/clock', { sandbox: name });
  const { providers } = await asking.ask<{ providers: Places }>('GET', `/sandboxes/${name}`);
  return providers;
}
