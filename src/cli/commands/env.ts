// `understudy env`: prints the variables that point a shell, and the SDKs in it, at a sandbox.
import { DEFAULT_SANDBOX } from '../../core/sandbox/sandbox-name.ts';
import type { Access } from '../../library/environment.ts';
import { workerSandbox } from '../../library/worker-name.ts';
import { action, type Call, type Command } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { choice, flagSwitch, setting } from '../values.ts';
import { ControlClient, originsOf, SANDBOX_SETTINGS } from './control-client.ts';
import { FORMAT_NAMES, type Format, formatVariables } from './env-formats.ts';

const SETTINGS = {
  format: setting<Format>({
    value: 'format',
    fallback: 'sh',
    read: choice(...FORMAT_NAMES),
    help: `output format: ${FORMAT_NAMES.join(', ')}`,
  }),
  offline: flagSwitch('do not call the server; base URLs are --url, or --port, followed by the default paths'),
  ...SANDBOX_SETTINGS,
} as const;

export const env: Command = {
  name: 'env',
  summary: 'Print the environment variables of a sandbox: base URLs and keys',
  actions: [
    action({
      name: '',
      summary: 'Print the environment variables of a sandbox; fails when the server is not running',
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

async function print(call: Call<typeof SETTINGS>): Promise<number> {
  const { config, shell } = call;
  const name = config.sandbox ?? workerSandbox(shell.environment) ?? DEFAULT_SANDBOX;
  // Each provider names its own variables; the providers are loaded only here, because that takes time.
  const { PROVIDERS } = await import('../../providers/index.ts');
  const origins = originsOf(call);
  const access: Access = config.offline
    ? Object.fromEntries(
        PROVIDERS.map((one) => [
          one.name,
          { baseUrl: origins.providers + one.mount + one.base, ...one.sampleKeys(name) },
        ]),
      )
    : await accessOf(call, name);
  const { environmentOf } = await import('../../library/environment.ts');
  const all = environmentOf(access, origins.control, name);
  shell.out.write(formatVariables(config.json ? 'json' : config.format, all));
  return EXIT.yes;
}

async function accessOf(call: Call<typeof SETTINGS>, name: string): Promise<Access> {
  const client = new ControlClient(call);
  // A wait of no time creates the sandbox by first use and changes nothing; with --explicit-sandboxes it fails instead.
  await client.send('POST', '/requests/wait', { sandbox: name, body: { pattern: {}, timeoutMs: 0 } });
  const { providers } = await client.send<{ providers: Access }>('GET', `/sandboxes/${name}`);
  return providers;
}
