// One life of a server under attack: a process on a data folder, a client, and the invariants that must hold when it is quiet.
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { PROVIDERS } from '../../src/providers/index.ts';
import { Breach } from '../fuzz/invariants.ts';
import { checkSandbox } from '../fuzz/sandbox-checks.ts';
import { type RequestOptions, ROOT, type TestResponse } from '../harness.ts';
import { MAIN } from '../process.ts';

/** The sandbox that no request of the attack names: it must stay as it is. */
const CONTROL = 'control';
/** How long a server may take to close connections and files, in milliseconds. */
const SETTLING = 15_000;

const ARGUMENTS = ['--port', '0', '--no-webhooks', '--journal-size', '100', '--open-sandboxes', '6'];

/** What a quiet process holds. */
export interface Held {
  readonly descriptors: number;
  /** Bytes after garbage collection. */
  readonly memory: number;
}

/** A running process on a data folder. */
export class AttackedServer {
  readonly #child: ChildProcess;
  readonly port: number;
  #log = '';
  #expectsEnd = false;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts a process on a data folder; it can report its memory. */
  static async start(data: string): Promise<AttackedServer> {
    const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
    const child = fork(MAIN, [...ARGUMENTS, '--data', data], {
      execArgv: ['--expose-gc', '--import', join(ROOT, 'test/soak-probe.js')],
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let text = '';
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout?.on('data', (part) => {
        text += part;
        const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text) ?? [];
        if (/Dashboard .*\n/.test(text)) resolve(Number(port));
      });
      child.stderr?.on('data', (part) => (text += part));
      child.once('exit', (code) => reject(new Breach(`the server exited with ${code}: ${text.slice(-2000)}`)));
    });
    const server = new AttackedServer(child, port);
    child.stderr?.on('data', (data) => (server.#log = (server.#log + data).slice(-5000)));
    return server;
  }

  /** Sends a request on a connection of its own. Throws a Breach for an internal error that no fault explains. */
  readonly call = (method: string, url: string, options: RequestOptions = {}): Promise<TestResponse> => {
    const body = options.json === undefined ? undefined : JSON.stringify(options.json);
    const typed =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const at = { host: '127.0.0.1', port: this.port, path: url, method, agent: false } as const;
      const sent = request({ ...at, headers: { ...typed, ...options.headers } }, async (response) => {
        const parts: Buffer[] = [];
        try {
          for await (const part of response) parts.push(part);
        } catch {
          return resolve({ status: 0, headers: {}, body: '' });
        }
        const [status = 0, headers] = [response.statusCode, response.headers];
        const bytes = Buffer.concat(parts);
        const answer = { status, headers, body: options.binary === true ? bytes : jsonOrText(bytes.toString()) };
        if (status === 500 && headers['x-understudy-fault'] === undefined)
          reject(new Breach(`${method} ${url} answered 500 without a fault: ${bytes.toString().slice(0, 500)}`));
        else resolve(answer);
      });
      sent.once('error', () => resolve({ status: 0, headers: {}, body: '' }));
      sent.end(body);
    });
  };

  /** Kills the process and waits until it is gone. */
  async kill(): Promise<void> {
    this.#expectsEnd = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Checks until a time, in milliseconds since 1970, that the process responds meanwhile. */
  async watch(until: number): Promise<void> {
    while (Date.now() < until) {
      await this.checkAlive();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Throws a Breach when the process has ended by itself, or does not respond within five seconds. */
  async checkAlive(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (this.#expectsEnd) return;
    if (exitCode !== null || signalCode !== null)
      throw new Breach(`the process ended with ${exitCode ?? signalCode}:\n${this.#log}`);
    const late = new Promise<null>((resolve) => setTimeout(resolve, 5000, null).unref());
    const health = await Promise.race([this.call('GET', '/__admin/health'), late]);
    if (health?.status !== 200 && !this.#expectsEnd)
      throw new Breach(`health is ${health?.status ?? 'late'}:\n${this.#log}`);
  }

  /** Checks every sandbox of a quiet server: files, foreign keys, receipts against rows, and who sees whose rows. */
  async checkSandboxes(): Promise<number> {
    const { sandboxes } = (await this.call('GET', '/__admin/sandboxes?limit=1000')).body;
    for (const { name } of sandboxes) {
      const state = (await this.call('GET', `/__admin/state?sandbox=${name}`)).body;
      for (const [, owner] of JSON.stringify(state).matchAll(/of-([a-z0-9-]+)-[0-9]+-[0-9]+/g))
        if (owner !== name) throw new Breach(`${name} has a row of ${owner}`);
      await this.#checkLedger(name, state);
      await checkSandbox(this.call, name);
    }
    return sandboxes.length;
  }

  /** A row that a receipt calls deleted must not be there; ids are not used twice, and resets take the receipts along. */
  async #checkLedger(name: string, state: any): Promise<void> {
    const { deletions } = (await this.call('GET', `/__admin/deletions?limit=100&sandbox=${name}`)).body;
    for (const { requestId, provider, dryRun, root, deleted } of deletions) {
      for (const { resource, id } of dryRun ? [] : [root, ...deleted]) {
        const key = PROVIDERS.find((one) => one.name === provider)?.resources.find((one) => one.name === resource)?.key;
        if (state[provider][resource].some((row: any) => row[key as string] === id))
          throw new Breach(`${name}: the receipt ${requestId} says that ${resource} ${id} is deleted, and it is there`);
      }
    }
  }

  /** Creates the control sandbox if it is missing, and returns its state as text. */
  async controlState(): Promise<string> {
    await this.call('POST', '/__admin/sandboxes', { json: { name: CONTROL } });
    return JSON.stringify((await this.call('GET', `/__admin/state?sandbox=${CONTROL}`)).body);
  }

  /** What the process holds once all but two sandboxes are deleted; waits until it has no more descriptors than `most`. */
  async held(most = Number.POSITIVE_INFINITY): Promise<Held> {
    for (const { name } of (await this.call('GET', '/__admin/sandboxes?limit=1000')).body.sandboxes)
      if (name !== 'default' && name !== CONTROL) await this.call('DELETE', `/__admin/sandboxes/${name}`);
    await this.call('POST', '/__admin/reset', { json: {} });
    const until = Date.now() + SETTLING;
    for (;;) {
      const memory = await new Promise<number>((resolve) => {
        this.#child.once('message', (message) => resolve((message as { held: number }).held));
        this.#child.send('sample');
      });
      const descriptors = readdirSync(`/proc/${this.#child.pid}/fd`).length;
      if (descriptors <= most || Date.now() > until) return { descriptors, memory };
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function jsonOrText(text: string): unknown {
  return /^[{[]/.test(text) ? JSON.parse(text) : text;
}
