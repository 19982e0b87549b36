// Where the fuzz is played: a server with a witness beside it, the connection to it, and what it has told so far.
import { pino } from 'pino';
import type { Test } from 'tap';
import { buildServer } from '../../src/server.ts';
import { inject, type RequestOptions, type TestServer } from '../harness.ts';
import { type Draft, type FuzzContext, isBeyondHttp, LINKS, pathGroupOf, requestOf } from './draft.ts';
import { Breach, Invariants } from './invariants.ts';
import { collect, knownOf, type Named, withStates } from './known.ts';
import { ResponseCounts } from './response-counts.ts';
import { checkReceipt, checkSandbox } from './sandbox-checks.ts';
import { shellLine } from './shell-line.ts';
import { type Exchange, SocketClient } from './socket-client.ts';
import { type Target, targetsOf } from './targets.ts';
import { bytesOf, headerOf, type WireRequest } from './wire-request.ts';

/** A sandbox that nobody is told of: what happens to it came from elsewhere. */
const WITNESS = 'witness';
/** Makes ids repeatable, so that a sequence of requests means the same every time. */
const SEED = 'fuzz';
const DEFAULTS = { auth: 'spec', mode: 'strict', delay: null, seed: SEED, publicUrl: null };

const ROOM = { name: 'Hall', type: 'open', webhook: { url: 'http://127.0.0.1:9/' } };
/** How a request is sent that is nothing special. */
const PLAIN = { finish: false, once: false, isHeld: async () => false };

/** How many ids are remembered of each chapter. */
const REMEMBERED = 20;

/** A server that listens, and everything that is checked of it. */
export class Field {
  readonly targets: readonly Target[];
  readonly tally = new ResponseCounts();
  /** Lines of a shell that do again what was sent since the last beginning. */
  readonly sent: string[] = [];
  readonly known: FuzzContext['known'];
  readonly #call: TestServer['call'];
  readonly #origin: URL;
  readonly #client: SocketClient;
  readonly #invariants: Invariants;
  readonly #crashes: string[];
  readonly #recent = new Map<string, Named[]>();
  #witness = '';

  private constructor(parts: {
    call: TestServer['call'];
    url: string;
    targets: readonly Target[];
    invariants: Invariants;
    known: FuzzContext['known'];
    crashes: string[];
  }) {
    this.#call = parts.call;
    this.#origin = new URL(parts.url);
    this.#client = new SocketClient(Number(this.#origin.port));
    this.targets = parts.targets;
    this.known = parts.known;
    this.#invariants = parts.invariants;
    this.#crashes = parts.crashes;
  }

  /** Starts a server for one test. */
  static async open(t: Test): Promise<Field> {
    const crashes: string[] = [];
    const app = buildServer({
      checkAnswers: true,
      webhooks: false,
      settings: { seed: SEED },
      logger: pino({ level: 'error' }, { write: (line: string) => crashes.push(line) }),
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const call: TestServer['call'] = (method, path, ask: RequestOptions = {}) => inject(app, method, path, ask);
    const targets = await targetsOf(call);
    const invariants = new Invariants((await call('GET', '/__admin/openapi.json')).body);
    const state = (await call('GET', '/__admin/state')).body;
    const field = new Field({
      call,
      url,
      targets: withStates(targets, state),
      invariants,
      known: knownOf(state, targets),
      crashes,
    });
    t.teardown(async () => {
      field.#client.close();
      await app.close();
    });
    await field.#callWitness();
    return field;
  }

  get port(): string {
    return this.#origin.port;
  }

  /** Puts everything back to where it was, the witness excepted. */
  async begin(): Promise<void> {
    this.sent.length = 0;
    this.#recent.clear();
    this.#client.close();
    for (const { name } of (await this.#admin('GET', 'sandboxes?limit=100000')).sandboxes)
      if (name !== 'default' && name !== WITNESS) await this.#call('DELETE', `/__admin/sandboxes/${name}`);
    for (const { name } of (await this.#admin('GET', 'snapshots?limit=100000')).snapshots)
      await this.#call('DELETE', `/__admin/snapshots/${name}`);
    await this.#call('PATCH', '/__admin/sandboxes/default', { json: { settings: DEFAULTS, ttlSeconds: null } });
    await this.#call('POST', '/__admin/reset');
    this.#crashes.length = 0;
    // What chance would hardly bring about: there is a delivery of a webhook.
    const { room } = await this.#post('/pagecall/v1/rooms', ROOM);
    await this.#post(`/__admin/pagecall/rooms/${room.id}/join`, {});
  }

  async #post(target: string, body: object): Promise<any> {
    const request: WireRequest = {
      method: 'POST',
      target,
      version: '1.1',
      lines: [`Host: ${this.#origin.host}`, 'Authorization: Bearer any', 'Content-Type: application/json'],
      body: Buffer.from(JSON.stringify(body)),
      framing: 'length',
    };
    this.sent.push(shellLine([request], this.#origin));
    const { answers } = await this.#client.send({ ...PLAIN, bytes: bytesOf(request), methods: ['POST'] });
    return JSON.parse(String(answers[0]?.body));
  }

  /** Sends what a draft is now. @throws Breach */
  async play(draft: Draft): Promise<void> {
    const request = requestOf(draft, {
      host: this.#origin.host,
      known: this.known,
      recent: (chapter, name) => {
        const all = this.#recent.get(chapter) ?? [];
        const same = all.filter((one) => one.name === name);
        return (same.length > 0 ? same : all).map(({ value }) => value);
      },
    });
    const requests = Array.from({ length: draft.times }, () => request);
    this.sent.push(shellLine(requests, this.#origin));
    const beyond = isBeyondHttp(draft);
    const exchange = await this.#client.send({
      bytes: Buffer.concat(requests.map(bytesOf)),
      methods: requests.map(({ method }) => method),
      finish: draft.framing === 'long',
      once: beyond,
      isHeld: () => this.#isHeld(draft, request),
    });
    this.tally.count(draft.target, exchange, draft.times);
    for (const answer of exchange.answers) this.#invariants.check(request, answer, beyond);
    if (exchange.end !== 'whole') await this.#checkEnd(exchange, request, beyond);
    this.#checkCrashes();
    this.#learn(draft.target, exchange);
    await this.#checkDeletions(draft, request, exchange);
  }

  /** After the last request: nobody touched the witness; on request also that every database is sound. @throws Breach */
  async end(thorough: boolean): Promise<void> {
    if (thorough)
      for (const { name } of (await this.#admin('GET', 'sandboxes?limit=100000')).sandboxes)
        if (name !== WITNESS) await checkSandbox(this.#call, name);
    const { status } = await this.#call('GET', '/__admin/health');
    if (status !== 200) throw new Breach(`health answers ${status}`);
    const now = await this.#testify();
    if (now !== this.#witness) throw new Breach(`the witness has changed, from\n${this.#witness}\nto\n${now}`);
    this.#checkCrashes();
  }

  async #admin(method: string, path: string): Promise<any> {
    return (await this.#call(method, `/__admin/${path}`)).body;
  }

  /** The witness gets something of its own: a deletion, and a fault that is planned. */
  async #callWitness(): Promise<void> {
    await this.#call('DELETE', `/pagecall/v1/users/user-42`, {
      headers: { authorization: `Bearer pagecall_test_key_sbx_${WITNESS}` },
    });
    await this.#call('POST', `/__admin/faults?sandbox=${WITNESS}`, { json: { effect: { status: 503 } } });
    this.#witness = await this.#testify();
  }

  /** Everything of the witness that another sandbox's request could change. */
  async #testify(): Promise<string> {
    const parts = ['state', 'faults', 'snapshots', 'requests', 'deletions', 'webhooks'];
    const all = await Promise.all(parts.map((part) => this.#admin('GET', `${part}?sandbox=${WITNESS}`)));
    const { settings, frozen } = {
      ...(await this.#admin('GET', `sandboxes/${WITNESS}`)),
      ...(await this.#admin('GET', `clock?sandbox=${WITNESS}`)),
    };
    return JSON.stringify([...all, settings, frozen]);
  }

  /** Whether an answer is rightly held back: by a delay, a fault that hangs, a request that has not ended, or a wait. */
  async #isHeld(draft: Draft, request: WireRequest): Promise<boolean> {
    const { target } = draft;
    if (
      isBeyondHttp(draft) ||
      target.waits ||
      /delay|hang/.test(`${request.target} ${headerOf(request, 'prefer') ?? ''}`)
    )
      return true;
    for (const { name, settings } of (await this.#admin('GET', 'sandboxes?limit=100000')).sandboxes) {
      if (settings.delay !== null) return true;
      const { faults } = await this.#admin('GET', `faults?limit=100000&sandbox=${name}`);
      if (faults.some(({ delay, effect }: any) => delay !== undefined || effect?.fault === 'hang')) return true;
      // A retry test that hangs is in no list: the journal has it.
      const { requests } = await this.#admin('GET', `requests?limit=1&sandbox=${name}`);
      if (requests.some(({ fault }: any) => fault !== undefined)) return true;
    }
    return false;
  }

  /** No whole answer came: that was ordered, or the request was no HTTP. */
  async #checkEnd({ end, answers, rest }: Exchange, request: WireRequest, beyond: boolean): Promise<void> {
    // Given up for a reason that was found.
    if (end === 'silent' || beyond || request.method === 'CONNECT') return;
    if (end === 'closed' && answers.at(-1)?.headers.connection === 'close') return;
    for (const { name } of end === 'lost' ? [] : (await this.#admin('GET', 'sandboxes?limit=100000')).sandboxes) {
      const { requests } = await this.#admin('GET', `requests?limit=5&sandbox=${name}`);
      if (requests.some(({ fault }: any) => fault !== undefined)) return;
    }
    throw new Breach(
      `${request.method} ${request.target.slice(0, 200)}: the connection is ${end} after ${rest.length} bytes, and no fault was ordered`,
    );
  }

  #checkCrashes(): void {
    if (this.#crashes.length > 0) throw new Breach(`the server says that it failed: ${this.#crashes.join('\n')}`);
  }

  /** Takes note of the ids that answers speak of. */
  #learn(target: Target, { answers }: Exchange): void {
    for (const { status, headers, body } of answers) {
      const { 'x-understudy-request': request } = headers;
      if (request !== undefined) this.#note('requests', [{ name: 'id', value: request }]);
      if (request !== undefined && target.method === 'DELETE' && status === 200)
        this.#note('deletions', [{ name: 'requestId', value: request }]);
      if (status >= 300 || !headers['content-type']?.startsWith('application/json') || body.length > 20_000) continue;
      const found: Named[] = [];
      collect(JSON.parse(body.toString()), found);
      this.#note(pathGroupOf(target), found);
      for (const { value } of found)
        if (value.startsWith(this.#origin.origin))
          this.#note(LINKS, [{ name: '', value: value.slice(this.#origin.origin.length) }]);
    }
  }

  #note(chapter: string, found: readonly Named[]): void {
    const earlier = this.#recent.get(chapter) ?? [];
    this.#recent.set(chapter, [...found.filter(({ value }) => value !== WITNESS), ...earlier].slice(0, REMEMBERED));
  }

  async #checkDeletions({ target }: Draft, request: WireRequest, { answers }: Exchange): Promise<void> {
    // Asked for every sandbox, a reset puts the witness back as well.
    if (/\/reset\?.*sandbox=(\*|%2a)/i.test(request.target) && answers.some(({ status }) => status === 204))
      await this.#callWitness();
    if (request.method !== 'DELETE' || target.provider === null) return;
    for (const answer of answers) if (answer.status === 200) await checkReceipt(this.#call, answer);
  }
}
