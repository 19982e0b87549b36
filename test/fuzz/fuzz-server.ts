// The fuzzed server, with a connection, the ids seen in responses, and a control sandbox that must not change.
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

/** The control sandbox: no request addresses it, so any change to it is an isolation error. */
const CONTROL_SANDBOX = 'control';
/** The seed makes ids reproducible, so that a sequence of requests can be repeated. */
const SEED = 'fuzz';
const DEFAULTS = { auth: 'spec', mode: 'strict', delay: null, seed: SEED, repeatable: false, publicUrl: null };

const ROOM = { name: 'Hall', type: 'open', webhook: { url: 'http://127.0.0.1:9/' } };
/** How an ordinary request is sent. */
const PLAIN = { finish: false, once: false, isHeld: async () => false };

/** How many ids are kept for each path group. */
const MAX_KNOWN_IDS = 20;

/** A listening server, and all checks on it. */
export class FuzzServer {
  readonly targets: readonly Target[];
  readonly responseCounts = new ResponseCounts();
  /** Shell lines that repeat the requests since the last reset. */
  readonly sent: string[] = [];
  readonly known: FuzzContext['known'];
  readonly #call: TestServer['call'];
  readonly #origin: URL;
  readonly #client: SocketClient;
  readonly #invariants: Invariants;
  readonly #crashes: string[];
  readonly #recent = new Map<string, Named[]>();
  #controlState = '';

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
  static async open(t: Test): Promise<FuzzServer> {
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
    const field = new FuzzServer({
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
    await field.#createControlState();
    return field;
  }

  get port(): string {
    return this.#origin.port;
  }

  /** Resets everything except the control sandbox. */
  async begin(): Promise<void> {
    this.sent.length = 0;
    this.#recent.clear();
    this.#client.close();
    for (const { name } of (await this.#admin('GET', 'sandboxes?limit=100000')).sandboxes)
      if (name !== 'default' && name !== CONTROL_SANDBOX) await this.#call('DELETE', `/__admin/sandboxes/${name}`);
    for (const { name } of (await this.#admin('GET', 'snapshots?limit=100000')).snapshots)
      await this.#call('DELETE', `/__admin/snapshots/${name}`);
    await this.#call('PATCH', '/__admin/sandboxes/default', { json: { settings: DEFAULTS, ttlSeconds: null } });
    await this.#call('POST', '/__admin/reset');
    this.#crashes.length = 0;
    // Creates a webhook delivery, which is unlikely to occur at random.
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

  /** Resolves and sends a draft. Throws a Breach. */
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
    this.responseCounts.count(draft.target, exchange, draft.times);
    for (const answer of exchange.answers) this.#invariants.check(request, answer, beyond);
    if (exchange.end !== 'whole') await this.#checkEnd(exchange, request, beyond);
    this.#checkCrashes();
    this.#learn(draft.target, exchange);
    await this.#checkDeletions(draft, request, exchange);
  }

  /**
   * Checks after the last request that the control sandbox is unchanged and, if requested, that every database is
   * consistent. Throws a Breach.
   */
  async end(thorough: boolean): Promise<void> {
    if (thorough)
      for (const { name } of (await this.#admin('GET', 'sandboxes?limit=100000')).sandboxes)
        if (name !== CONTROL_SANDBOX) await checkSandbox(this.#call, name);
    const { status } = await this.#call('GET', '/__admin/health');
    if (status !== 200) throw new Breach(`health responds ${status}`);
    const now = await this.#readControlState();
    if (now !== this.#controlState)
      throw new Breach(`the control sandbox has changed, from\n${this.#controlState}\nto\n${now}`);
    this.#checkCrashes();
  }

  async #admin(method: string, path: string): Promise<any> {
    return (await this.#call(method, `/__admin/${path}`)).body;
  }

  /** Creates a deletion and a planned fault in the control sandbox. */
  async #createControlState(): Promise<void> {
    await this.#call('DELETE', `/pagecall/v1/users/user-42`, {
      headers: { authorization: `Bearer pagecall_test_key_sbx_${CONTROL_SANDBOX}` },
    });
    await this.#call('POST', `/__admin/faults?sandbox=${CONTROL_SANDBOX}`, { json: { effect: { status: 503 } } });
    this.#controlState = await this.#readControlState();
  }

  /** Everything in the control sandbox that a request to another sandbox could change. */
  async #readControlState(): Promise<string> {
    const parts = ['state', 'faults', 'snapshots', 'requests', 'deletions', 'webhooks'];
    const all = await Promise.all(parts.map((part) => this.#admin('GET', `${part}?sandbox=${CONTROL_SANDBOX}`)));
    const { settings, frozen } = {
      ...(await this.#admin('GET', `sandboxes/${CONTROL_SANDBOX}`)),
      ...(await this.#admin('GET', `clock?sandbox=${CONTROL_SANDBOX}`)),
    };
    return JSON.stringify([...all, settings, frozen]);
  }

  /** Whether a response may be missing: because of a delay, a hang fault, an incomplete request, or a wait. */
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
      // A hang of a retry test is only in the journal.
      const { requests } = await this.#admin('GET', `requests?limit=1&sandbox=${name}`);
      if (requests.some(({ fault, barrier }: any) => (fault ?? barrier) !== undefined)) return true;
    }
    return false;
  }

  /** Checks that a missing or incomplete response was caused by a fault or by invalid HTTP. */
  async #checkEnd({ end, answers, rest }: Exchange, request: WireRequest, beyond: boolean): Promise<void> {
    // Ended by the client after `isHeld` returned false.
    if (end === 'silent' || beyond || request.method === 'CONNECT') return;
    if (end === 'closed' && answers.at(-1)?.headers.connection === 'close') return;
    for (const { name } of end === 'lost' ? [] : (await this.#admin('GET', 'sandboxes?limit=100000')).sandboxes) {
      const { requests } = await this.#admin('GET', `requests?limit=5&sandbox=${name}`);
      if (requests.some(({ fault }: any) => fault !== undefined)) return;
    }
    throw new Breach(
      `${request.method} ${request.target.slice(0, 200)}: the connection is ${end} after ${rest.length} bytes, and no fault was planned`,
    );
  }

  #checkCrashes(): void {
    if (this.#crashes.length > 0) throw new Breach(`the server logged an internal error: ${this.#crashes.join('\n')}`);
  }

  /** Records the ids in responses. */
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
    this.#recent.set(
      chapter,
      [...found.filter(({ value }) => value !== CONTROL_SANDBOX), ...earlier].slice(0, MAX_KNOWN_IDS),
    );
  }

  async #checkDeletions({ target }: Draft, request: WireRequest, { answers }: Exchange): Promise<void> {
    // A reset of all sandboxes resets the control sandbox too.
    if (/\/reset\?.*sandbox=(\*|%2a)/i.test(request.target) && answers.some(({ status }) => status === 204))
      await this.#createControlState();
    if (request.method !== 'DELETE' || target.provider === null) return;
    for (const answer of answers) if (answer.status === 200) await checkReceipt(this.#call, answer);
  }
}
