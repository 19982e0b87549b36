// One attacker: random work on a sandbox of its own, some of it in parallel, with faults and broken connections.
import { connect } from 'node:net';
import { Breach } from '../fuzz/invariants.ts';
import type { AttackedServer } from './attacked-server.ts';

/** Pseudo-random numbers from 0 to 1 (mulberry32), reproducible from a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PREFERENCES = [
  'code=503',
  'code=503, phase=after-commit',
  'delay=30',
  'delay=60, phase=after-commit',
  'fault=reset',
  'fault=empty',
  'fault=malformed',
  'fault=truncated',
  'fault=hang',
  'dry-run',
];
/** Longest wait for the responses of a pipeline, in milliseconds. */
const PATIENCE = 400;

/** An attacker with a name, which is also that of its sandbox. */
export class Attacker {
  actions = 0;
  readonly #server: AttackedServer;
  readonly #name: string;
  readonly #random: () => number;
  /** A number that differs between the lives of a data folder, so that ids are never used twice. */
  readonly #life: number;
  #ids = 0;

  constructor(server: AttackedServer, name: string, seed: number, life: number) {
    this.#server = server;
    this.#name = name;
    this.#random = randomFrom(seed);
    this.#life = life;
  }

  /** Acts until a time, in milliseconds since 1970. Throws a Breach. */
  async work(until: number): Promise<void> {
    while (Date.now() < until) {
      const both = this.#random() < 0.5;
      await Promise.all(both ? [this.#act(), this.#act()] : [this.#act()]);
    }
  }

  async #act(): Promise<void> {
    this.actions++;
    await this.#pick([
      () => this.#pipeline(),
      () => this.#pipeline(),
      () => this.#pipeline(),
      () => this.#usersOfAll(),
      () => this.#admin('POST', 'erasure-checks', { subjects: ['alice', 'example.com'], include: this.#places() }),
      () => this.#checkWhileDeleted(),
      () => this.#admin('POST', 'reset', {}),
      () => this.#snapshots(),
      () => this.#evicted(),
      () => this.#faults(),
      () => this.#admin('POST', 'requests/wait', { path: '/users/*-*-*x', timeoutMs: 50 }),
      () => this.#events(),
    ])();
  }

  #pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)] as T;
  }

  #places(): string[] {
    return this.#pick([['state'], ['state', 'journal'], ['state', 'snapshots'], ['state', 'webhooks', 'snapshots']]);
  }

  #id(): string {
    return `of-${this.#name}-${this.#life}-${this.#ids++}`;
  }

  async #admin(method: string, path: string, json?: object): Promise<void> {
    const headers = { 'x-understudy-sandbox': this.#name };
    await this.#server.call(method, `/__admin/${path}`, { headers, ...(json === undefined ? {} : { json }) });
  }

  #provider(method: string, path: string, json?: object) {
    const headers = { authorization: 'Bearer sk_test', 'x-understudy-sandbox': this.#name };
    return this.#server.call(method, path, { headers, ...(json === undefined ? {} : { json }) });
  }

  async #usersOfAll(): Promise<void> {
    const id = this.#id();
    const made = await this.#provider('POST', '/proficient/users', { external_id: id });
    await this.#provider('POST', '/pagecall/v1/users', { user_id: id });
    const end = await this.#provider('POST', '/conductor/v1/end-users', {
      companyName: 'A',
      sourceId: id,
      email: `${id}@example.com`,
    });
    if (made.status === 200) await this.#provider('DELETE', `/proficient/users/${made.body.id}`);
    await this.#provider('DELETE', `/pagecall/v1/users/${id}`);
    if (end.status === 200 || end.status === 201)
      await this.#provider('DELETE', `/conductor/v1/end-users/${end.body.id}`);
  }

  async #checkWhileDeleted(): Promise<void> {
    await Promise.all([
      this.#admin('POST', 'erasure-checks', { subjects: ['alice'], include: ['state', 'snapshots'] }),
      this.#admin('DELETE', `sandboxes/${this.#name}`),
      this.#admin('POST', 'sandboxes', { name: this.#name }),
    ]);
  }

  async #snapshots(): Promise<void> {
    const name = this.#id();
    await this.#admin('POST', 'snapshots', { name });
    await this.#usersOfAll();
    await Promise.all([
      this.#admin('GET', `snapshots/${name}/diff`),
      this.#admin('POST', this.#pick([`snapshots/${name}/restore`, 'reset']), {}),
    ]);
    await Promise.all([this.#admin('GET', `snapshots/${name}/export`), this.#admin('DELETE', `snapshots/${name}`)]);
  }

  /** A sandbox that is used at once by several requests and deleted at a random moment. */
  async #evicted(): Promise<void> {
    const name = `${this.#name}-${this.#pick(['a', 'b', 'c'])}`;
    const headers = { authorization: 'Bearer k', 'x-understudy-sandbox': name };
    await this.#server.call('POST', '/__admin/sandboxes', { json: { name, ttlSeconds: 1 } });
    await Promise.all([
      this.#server.call('GET', '/pagecall/v1/users', { headers: { ...headers, prefer: 'delay=20' } }),
      this.#server.call('DELETE', '/pagecall/v1/users/user-42', { headers }),
      this.#server.call('DELETE', `/__admin/sandboxes/${name}`),
    ]);
  }

  async #faults(): Promise<void> {
    const path = this.#pick(['/users/*', '**', '/users/*-*-*x', '/end-users/**']);
    const effect = this.#pick([{ status: 503 }, { fault: 'reset' }, { fault: 'malformed' }]);
    await this.#admin('POST', 'faults', { match: { path }, mode: { times: 2 }, effect });
    await this.#provider('GET', `/pagecall/v1/users/${'-'.repeat(3000)}`);
    await this.#admin('DELETE', 'faults');
  }

  async #events(): Promise<void> {
    const text = `GET /__admin/events?sandbox=${this.#name} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    await this.#raw(text, false);
  }

  /** Several requests on one connection, some with faults; it may be closed early or in the middle of a request. */
  async #pipeline(): Promise<void> {
    const requests = Array.from({ length: 1 + Math.floor(this.#random() * 8) }, () => this.#line()).join('');
    const cut = this.#random() < 0.2 ? Math.floor(this.#random() * requests.length) : requests.length;
    await this.#raw(requests.slice(0, cut), this.#random() < 0.3);
  }

  #line(): string {
    const id = this.#pick([this.#id(), 'user-42', 'u_fail_503', '%E0%A4%A', '-'.repeat(200)]);
    const [method, path] = this.#pick([
      ['GET', '/pagecall/v1/users'],
      ['DELETE', `/pagecall/v1/users/${id}`],
      ['POST', '/pagecall/v1/users'],
      ['DELETE', '/conductor/v1/end-users/end_usr_1234567abcdefg'],
      ['GET', '/proficient/users?limit=2'],
      ['GET', '/nowhere'],
    ] as const);
    const json = method === 'POST' ? JSON.stringify({ user_id: this.#id() }) : '';
    const prefer = this.#random() < 0.4 ? `Prefer: ${this.#pick(PREFERENCES)}\r\n` : '';
    const type = json === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${json.length}\r\n`;
    const named = `Host: localhost\r\nAuthorization: Bearer sk_test_sbx_${this.#name}\r\n`;
    return `${method} ${path} HTTP/1.1\r\n${named}${prefer}${type}\r\n${json}`;
  }

  /** Sends bytes; throws a Breach for a 500 among the responses that no fault explains. */
  async #raw(text: string, leaves: boolean): Promise<void> {
    const received = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(this.#server.port, '127.0.0.1', () => socket.write(text));
      socket.setTimeout(leaves ? 5 : PATIENCE, () => socket.destroy());
      socket.on('data', (data) => (received += data.toString('latin1')));
      socket.on('error', () => {}).on('close', () => resolve(received));
    });
    for (const head of received.match(/HTTP\/1\.1 500 [\s\S]*?\r\n\r\n/g) ?? [])
      if (!/\r\nx-understudy-fault:/i.test(head))
        throw new Breach(`a pipeline got a 500 without a fault: ${text}\n${head}`);
  }
}
