// The client of a running server's control plane that commands use: its settings, its calls, its progress.
import { isIPv6 } from 'node:net';
import { isSandboxName } from '../../core/sandbox/sandbox-name.ts';
import { ControlPlane } from '../../library/control-plane.ts';
import type { Call } from '../definition.ts';
import { EXIT } from '../failures.ts';
import { Progress, withProgress } from '../progress.ts';
import { SETTINGS } from '../settings.ts';
import { writeTable } from '../table.ts';
import { onOff, type Setting, serverUrl, setting } from '../values.ts';

/** The timeout of a call, in ms: a million rows take a few seconds. */
const TIMEOUT = 300_000;

/** Where the server is. */
export const SERVER_SETTINGS = {
  url: setting<string | null>({
    value: 'url',
    fallback: null,
    read: serverUrl,
    help: 'URL of the server; by default --host and --port, or --admin-port',
  }),
  host: { ...SETTINGS.host, help: 'address that the server listens on' },
  port: { ...SETTINGS.port, help: 'port of the server' },
  'admin-port': { ...SETTINGS['admin-port'], help: 'port of its control plane, if that has its own' },
} as const;

/** The settings of every command that calls the control plane. */
export const CLIENT_SETTINGS = {
  ...SERVER_SETTINGS,
  'admin-token': { ...SETTINGS['admin-token'], help: 'token of its control plane, if it requires one' },
  json: setting({ value: null, fallback: false, read: onOff, help: 'print the response as JSON' }),
} as const;

/** The same for calls to one sandbox. */
export const SANDBOX_SETTINGS = {
  sandbox: setting<string | null>({
    value: 'name',
    fallback: null,
    read(name) {
      if (!isSandboxName(name)) throw new Error('takes 1 to 64 letters, digits and hyphens');
      return name;
    },
    help: 'the sandbox to use; by default the one named default, for env the one of the test worker',
  }) satisfies Setting<string | null>,
  ...CLIENT_SETTINGS,
} as const;

type ClientCall = Call<typeof CLIENT_SETTINGS> | Call<typeof SANDBOX_SETTINGS>;

/** The origins of a server that settings name: of its control plane, and of its providers by default. */
export function originsOf({ config, flags }: Pick<Call<typeof SERVER_SETTINGS>, 'config' | 'flags'>): {
  readonly control: string;
  readonly providers: string;
} {
  // A flag wins over a variable of another setting too: after `env` there is always an UNDERSTUDY_URL.
  const local = !flags.has('url') && ['host', 'port', 'admin-port'].some((name) => flags.has(name));
  const url = local ? null : config.url;
  return {
    control: url ?? originAt(config.host, config['admin-port'] ?? config.port),
    providers: url ?? originAt(config.host, config.port),
  };
}

/** The origin of a server that listens on an address; one that listens on all of them is asked on this machine. */
function originAt(address: string, port: number): string {
  if (address === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (address === '::') return `http://[::1]:${port}`;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

/** What a call carries. */
export interface Request {
  readonly body?: unknown;
  /** Another sandbox than the settings name; null for none. */
  readonly sandbox?: string | null;
  /** What the call does, shown while it takes long; e.g. `storing 3 rows`. */
  readonly doing?: string;
}

/** The control plane of one server, called with the settings of one command. */
export class ControlClient {
  readonly server: ControlPlane;
  readonly #call: ClientCall;

  constructor(call: ClientCall) {
    this.#call = call;
    this.server = new ControlPlane({ origin: originsOf(call).control, token: call.config['admin-token'] });
  }

  /** Sends a call; resolves to the JSON of its response. @throws ControlPlaneError */
  send<T = unknown>(method: string, path: string, request: Request = {}): Promise<T> {
    return this.#withProgress(request, (call) => this.server.call<T>(method, path, call));
  }

  /** Gets a response that is not JSON; `read` consumes its body. @throws ControlPlaneError */
  open<T>(path: string, request: Request, read: (response: Response) => Promise<T>): Promise<T> {
    return this.#withProgress(request, async (call) => read(await this.server.open('GET', path, call)));
  }

  /** With `--json`, prints a response as it is; returns whether it did. */
  wroteJson(response: unknown): boolean {
    const { config, shell } = this.#call;
    if (config.json) shell.out.write(`${JSON.stringify(response)}\n`);
    return config.json;
  }

  /**
   * Sends a call for a list, and prints it as a table, and on standard error how much of it is left out; or as JSON.
   *
   * @param name of the member of the response that is the list
   */
  async printList<T>(
    name: string,
    [method, path, body]: readonly [method: string, path: string, body?: unknown],
    head: readonly string[],
    rowOf: (one: T) => readonly string[],
  ): Promise<number> {
    const list = await this.send<{ meta: { total: number } } & Record<string, readonly T[]>>(method, path, { body });
    if (this.wroteJson(list)) return EXIT.yes;
    const { out, err } = this.#call.shell;
    const rows = (list[name] as readonly T[]).map(rowOf);
    const { total } = list.meta;
    writeTable(out, head, rows);
    if (total > rows.length) err.write(`understudy: these are ${rows.length} of ${total}; --limit lists more.\n`);
    return EXIT.yes;
  }

  #withProgress<T>(
    { body, sandbox, doing = 'waiting for the response' }: Request,
    send: (call: { sandbox: string | null; body: unknown; signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { config, shell } = this.#call;
    const own = 'sandbox' in config ? config.sandbox : null;
    const sent = send({ sandbox: sandbox === undefined ? own : sandbox, body, signal: AbortSignal.timeout(TIMEOUT) });
    return withProgress(new Progress(shell, config.json), `${doing} (${this.server.origin})`, sent);
  }
}

/** Runs an action that sends one call and prints nothing. */
export const sends =
  (method: string, pathOf: (words: readonly string[]) => string, doing?: string) =>
  async (call: ClientCall): Promise<number> => {
    await new ControlClient(call).send(
      method,
      pathOf(call.words.map(encodeURIComponent)),
      doing === undefined ? {} : { doing },
    );
    return EXIT.yes;
  };

/** A path with a query of those parameters that are given. */
export function query(path: string, parameters: Readonly<Record<string, string | number | null>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given as [string, string][])}`;
}
