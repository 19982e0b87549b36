// How commands speak to a running server: which one, as which sandbox, and what they say while it works.
import { isSandboxName } from '../../core/sandbox/sandbox-name.ts';
import { ControlPlane } from '../../library/control-plane.ts';
import type { Call } from '../grammar.ts';
import { Progress, telling } from '../progress.ts';
import { SETTINGS } from '../settings.ts';
import { onOff, type Setting, serverUrl, setting } from '../values.ts';

/** How long a call may take, in ms: a million rows need a few seconds. */
const PATIENCE = 300_000;

/** Where the server is. */
export const WHERE = {
  url: setting<string | null>({
    value: 'url',
    fallback: null,
    read: serverUrl,
    help: 'where the server is; by default this host and --port, or --admin-port',
  }),
  port: { ...SETTINGS.port, help: 'the port it listens on here' },
  'admin-port': { ...SETTINGS['admin-port'], help: 'the port of its control plane, where that has its own' },
} as const;

/** What calls to its control plane need. */
export const ASKING = {
  ...WHERE,
  'admin-token': {
    ...SETTINGS['admin-token'],
    help: 'what its control plane asks for when it listens beyond its machine',
  },
  json: setting({ value: null, fallback: false, read: onOff, help: 'print the answer as it comes, as JSON' }),
} as const;

export const sandboxSetting: Setting<string | null> = setting<string | null>({
  value: 'name',
  fallback: null,
  read(name) {
    if (!isSandboxName(name)) throw new Error('takes 1 to 64 letters, digits and hyphens');
    return name;
  },
  help: 'the sandbox that is meant; by default the one named default (of env: that of the test worker, where there is one)',
});

/** The same for calls that mean one sandbox. */
export const ASKING_ONE = { sandbox: sandboxSetting, ...ASKING } as const;

/** The server that settings mean: where its control plane is, and where its providers are if nothing else is said. */
export function originsOf({ config, flags }: Pick<Call<typeof WHERE>, 'config' | 'flags'>): {
  readonly control: string;
  readonly providers: string;
} {
  // A flag wins over a variable, also over that of another setting: after `env` there is always a UNDERSTUDY_URL.
  const here = !flags.has('url') && (flags.has('port') || flags.has('admin-port'));
  const url = here ? null : config.url;
  return {
    control: url ?? `http://127.0.0.1:${config['admin-port'] ?? config.port}`,
    providers: url ?? `http://127.0.0.1:${config.port}`,
  };
}

/** One call to a server. */
export interface Question {
  readonly body?: unknown;
  /** Another sandbox than the settings say; null for none. */
  readonly sandbox?: string | null;
  /** What it does, for when it takes a while; e.g. `storing 3 rows`. */
  readonly what?: string;
}

/** A server, as one command speaks to it. */
export class Asking {
  readonly server: ControlPlane;
  readonly #call: Call<typeof ASKING>;
  readonly #sandbox: string | null;

  constructor(call: Call<typeof ASKING> | Call<typeof ASKING_ONE>) {
    const { config } = call;
    this.#call = call as Call<typeof ASKING>;
    this.#sandbox = 'sandbox' in config ? config.sandbox : null;
    this.server = new ControlPlane({ origin: originsOf(call).control, token: config['admin-token'] });
  }

  /** Sends a call and gives the JSON of its answer. @throws ControlPlaneError */
  ask<T = unknown>(method: string, path: string, question: Question = {}): Promise<T> {
    return this.#telling(question, (call) => this.server.call<T>(method, path, call));
  }

  /** The same for an answer that is no JSON; `read` takes its body. @throws ControlPlaneError */
  open<T>(path: string, question: Question, read: (answer: Response) => Promise<T>): Promise<T> {
    return this.#telling(question, async (call) => read(await this.server.open('GET', path, call)));
  }

  /** Writes an answer as it came when that is wanted; says whether it did. */
  wroteJson(answer: unknown): boolean {
    if (this.#call.config.json) this.#call.shell.out.write(`${JSON.stringify(answer)}\n`);
    return this.#call.config.json;
  }

  #telling<T>(
    { body, sandbox = this.#sandbox, what = 'asking' }: Question,
    send: (call: { sandbox: string | null; body: unknown; signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { config, shell } = this.#call;
    const progress = new Progress(shell, config.json);
    const sent = send({ sandbox, body, signal: AbortSignal.timeout(PATIENCE) });
    return telling(progress, `${what} (${this.server.origin})`, sent);
  }
}

/** A path with a query of those parameters that are given. */
export function query(path: string, parameters: Readonly<Record<string, string | number | null>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given as [string, string][])}`;
}
