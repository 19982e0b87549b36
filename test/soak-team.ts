// Simulates a busy team: clients that use all three providers and the control plane, each in its sandbox.
import { Agent, type IncomingMessage, request } from 'node:http';

interface Reply {
  status: number;
  body: any;
}

type Headers = Record<string, string>;

const AUTH: Headers = { authorization: 'Bearer sk_test' };

/** The sandbox of a client. */
function sandboxOf(client: number): string {
  return client === 0 ? 'default' : `client-${client}`;
}

/** The clients, and the statistics of their responses. */
export class Team {
  requests = 0;
  events = 0;
  readonly statuses: Record<number, number> = {};
  /** The first few unexpected responses. */
  readonly surprises: string[] = [];
  readonly #url: string;
  readonly #hook: string;
  readonly #clients: number;
  readonly #agent = new Agent({ keepAlive: true });
  #rounds = 0;

  /** `hook` is the URL of the webhook receiver. */
  constructor(url: string, hook: string, clients: number) {
    this.#url = url;
    this.#hook = hook;
    this.#clients = clients;
  }

  /** Sends requests until this total is reached. */
  async work(until: number): Promise<void> {
    const client = async (n: number) => {
      while (this.requests < until) await this.#round(sandboxOf(n), this.#rounds++);
    };
    await Promise.all(Array.from({ length: this.#clients }, (_, n) => client(n)));
  }

  /** Closes all connections, and leaves each sandbox open: a reset closes its file until the next request. */
  async leave(): Promise<void> {
    this.#agent.destroy();
    for (let n = 0; n < this.#clients; n++) {
      const headers = { 'x-understudy-sandbox': sandboxOf(n), connection: 'close' };
      await this.#ask('GET', '/pagecall/v1/users', [200], undefined, headers);
    }
  }

  /** One scenario of a test suite, with occasional requests of a person using the dashboard. */
  async #round(sandbox: string, round: number): Promise<void> {
    const named: Headers = { 'x-understudy-sandbox': sandbox };
    const admin = (method: string, path: string, expected: number[], json?: object) =>
      this.#ask(method, `/__admin/${path}`, expected, json, named);
    const id = `soak-${round}`;
    await this.#providers(named, id);
    if (round % 7 === 0) await this.#faults(named, id, admin);
    if (round % 11 === 0) await this.#room(named, id, admin);
    if (round % 13 === 0) await this.#listen(sandbox, named);
    if (round % 17 === 0) await this.#passingSandbox(id);
    if (round % 23 === 0) {
      await admin('POST', 'snapshots', [201], { name: id });
      await this.#ask('DELETE', '/pagecall/v1/users/user-42', [200, 400], undefined, named);
      await admin('GET', `snapshots/${id}/diff`, [200]);
      await admin('POST', `snapshots/${id}/restore`, [204]);
      await admin('DELETE', `snapshots/${id}`, [204]);
    }
    if (round % 29 === 0) {
      await admin('POST', 'erasure-checks', [200], { subjects: ['alice@example.com', id] });
      await admin('GET', 'deletions?limit=10', [200]);
      await admin('GET', 'requests?limit=20', [200]);
      await admin('POST', 'requests/count', [200], { provider: 'conductor' });
      await admin('PUT', 'clock', [200], { action: 'advance', duration: 'PT1H' });
      await this.#ask('GET', '/nowhere', [404], undefined, named);
      await this.#ask('GET', '/__admin/metrics', [200]);
      // Both stores are bounded but not full within an hour, which would look like a leak.
      await admin('POST', 'reset', [204], { scope: ['webhooks', 'faults'] });
    }
    if (round % 101 === 0 && sandbox !== 'default') await admin('POST', 'reset', [204]);
    if (round % 401 === 0) {
      for (const name of ['proficient', 'pagecall', 'conductor'])
        await this.#ask('GET', `/__admin/openapi/${name}.json`, [200]);
      await this.#ask('GET', '/__admin/ui', [200]);
    }
  }

  async #providers(named: Headers, id: string): Promise<void> {
    const made = await this.#ask('POST', '/proficient/users', [200], { external_id: id }, named);
    await this.#ask('GET', `/proficient/users/${made.body.id}`, [200], undefined, named);
    await this.#ask('GET', '/proficient/users?limit=5', [200], undefined, named);
    await this.#ask('DELETE', `/proficient/users/${made.body.id}`, [200], undefined, named);
    await this.#ask('POST', '/pagecall/v1/users', [200], { user_id: id }, named);
    await this.#ask('GET', `/pagecall/v1/users/${id}`, [200], undefined, named);
    await this.#ask('DELETE', `/pagecall/v1/users/${id}`, [200], undefined, named);
    await this.#ask('DELETE', `/pagecall/v1/users/${id}`, [400], undefined, named);
    const body = { companyName: 'Soak', sourceId: id, email: `${id}@example.com` };
    const end = await this.#ask('POST', '/conductor/v1/end-users', [200, 201], body, named);
    const session = { publishableKey: 'pk_conductor_test', endUserId: end.body.id };
    await this.#ask('POST', '/conductor/v1/auth-sessions', [200, 201], session, named);
    await this.#ask('GET', `/conductor/v1/end-users/${end.body.id}`, [200], undefined, named);
    await this.#ask('DELETE', `/conductor/v1/end-users/${end.body.id}`, [200], undefined, {
      ...named,
      prefer: 'dry-run',
    });
    await this.#ask('DELETE', `/conductor/v1/end-users/${end.body.id}`, [200], undefined, named);
    await this.#ask('POST', '/conductor/v1/end-users', [400], { companyName: 1 }, named);
  }

  async #faults(
    named: Headers,
    id: string,
    admin: (method: string, path: string, expected: number[], json?: object) => Promise<Reply>,
  ): Promise<void> {
    await admin('POST', 'faults', [201], {
      match: { operation: 'DeleteUser', id },
      mode: { times: 1 },
      effect: { status: 503 },
    });
    await this.#ask('DELETE', `/pagecall/v1/users/${id}`, [503], undefined, named);
    await this.#ask('GET', '/pagecall/v1/users', [0], undefined, { ...named, prefer: 'fault=reset' });
    await this.#ask('GET', '/pagecall/v1/users', [200], undefined, { ...named, prefer: 'delay=2' });
    await this.#ask('GET', '/proficient/users/u_fail_503', [503, 404], undefined, named);
    await admin('DELETE', 'faults', [204]);
    await admin('POST', 'retry-tests', [201], { instructions: { DeleteUser: ['503', 'ok'] } });
  }

  async #room(
    named: Headers,
    id: string,
    admin: (method: string, path: string, expected: number[], json?: object) => Promise<Reply>,
  ): Promise<void> {
    const json = { name: id, type: 'open', webhook: { url: this.#hook } };
    const { room } = (await this.#ask('POST', '/pagecall/v1/rooms', [200], json, named)).body;
    const { session } = (await admin('POST', `pagecall/rooms/${room.id}/join`, [201], {})).body;
    await admin('POST', `pagecall/rooms/${room.id}/leave`, [200], { session_id: session.id });
    await this.#ask('DELETE', `/pagecall/v1/rooms/${room.id}`, [200], undefined, named);
  }

  async #passingSandbox(name: string): Promise<void> {
    await this.#ask('POST', '/__admin/sandboxes', [201], { name });
    const named = { 'x-understudy-sandbox': name };
    await this.#ask('DELETE', '/pagecall/v1/users/user-42', [200], undefined, named);
    await this.#ask('PATCH', `/__admin/sandboxes/${name}`, [200], { settings: { auth: 'strict' } });
    await this.#ask('DELETE', `/__admin/sandboxes/${name}`, [204]);
  }

  /** Reads the event stream of a sandbox until an event arrives. */
  async #listen(sandbox: string, named: Headers): Promise<void> {
    this.requests++;
    const asked = request(`${this.#url}/__admin/events?sandbox=${sandbox}`, { agent: false });
    const stream = await new Promise<IncomingMessage>((resolve, reject) =>
      asked.once('response', resolve).once('error', reject).end(),
    );
    const told = new Promise<void>((resolve) => {
      stream.on('data', (text) => {
        if (!String(text).includes('event: request')) return;
        this.events++;
        resolve();
      });
    });
    await this.#ask('GET', '/pagecall/v1/users', [200], undefined, named);
    await told;
    stream.destroy();
  }

  /** Sends a request; a status of 0 means a lost response. */
  #ask(method: string, path: string, expected: number[], json?: object, more: Headers = {}): Promise<Reply> {
    this.requests++;
    const body = json === undefined ? undefined : JSON.stringify(json);
    const headers = {
      ...AUTH,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...more,
    };
    return new Promise((resolve) => {
      const done = (status: number, text: string) => {
        this.statuses[status] = (this.statuses[status] ?? 0) + 1;
        if (!expected.includes(status) && this.surprises.length < 5)
          this.surprises.push(`${method} ${path} returned ${status}: ${text.slice(0, 300)}`);
        resolve({ status, body: /^[{[]/.test(text) ? JSON.parse(text) : text });
      };
      const asked = request(
        this.#url + path,
        { method, agent: more.connection ? false : this.#agent, headers },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (data) => (text += data));
          answer.once('end', () => done(answer.statusCode as number, text));
        },
      );
      asked.once('error', () => done(0, ''));
      asked.end(body);
    });
  }
}
