// Invariants of every response: declared, with the right error body, and no internal error.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ContractBreach, checkAnswer, TABLES, type Table } from '../contract/checker.ts';
import type { WireAnswer } from './socket-client.ts';
import { headerOf, type WireRequest } from './wire-request.ts';

/** Thrown for a response or behaviour that violates an invariant. */
export class Breach extends Error {
  override name = 'Breach';
}

const ADMIN = '/__admin';
/** Statuses of Node and Fastify errors before routing. */
const OUTSIDE = new Set([400, 404, 408, 413, 414, 417, 431]);

/** Names of Node's and Fastify's own errors. */
const FRAMEWORK = /"code":"(FST_)?ERR_/;

type Node = Record<string, any>;

interface Call {
  readonly method: string;
  readonly pattern: RegExp;
  readonly path: string;
  readonly responses: Node;
}

/** Checks responses against the contracts of the providers and the control plane's document. */
export class Invariants {
  readonly #calls: readonly Call[];
  readonly #ajv = new Ajv2020({ strict: false });
  readonly #tables: readonly Table[];
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #hosts: ReadonlyMap<string, string>;

  /** `document` is the control plane's; `tables` are the providers'. */
  constructor(document: Node, tables: readonly Table[] = TABLES) {
    this.#tables = tables;
    (formats as unknown as typeof formats.default)(this.#ajv);
    this.#ajv.addFormat('binary', true);
    this.#ajv.addSchema(document, 'document');
    this.#calls = Object.entries(document.paths as Node).flatMap(([path, item]) =>
      Object.entries(item as Node).map(([method, { responses }]) => ({
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]*')}$`),
        path,
        responses,
      })),
    );
    this.#hosts = new Map(PROVIDERS.flatMap(({ hosts, mount }) => hosts.map((host) => [host, mount] as const)));
  }

  /** The path and query of a request below this server's root, for any host. */
  placeOf(request: WireRequest): string {
    const [, asked, rest] = /^https?:\/\/([^/?]+)(.*)$/i.exec(request.target) ?? [];
    const host = (asked ?? headerOf(request, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
    return (this.#hosts.get(host) ?? '') + (rest === undefined ? request.target : rest || '/');
  }

  /**
   * Checks one response against the declared ones. `beyond` tells that the request was invalid HTTP, so it may have
   * been rejected before routing. Throws a Breach.
   *
   * @throws Breach
   */
  check(request: WireRequest, answer: WireAnswer, beyond: boolean): void {
    // RFC 9112, section 9.6. Without it the client may send another request on a connection that is about to close.
    if (headerOf(request, 'connection') === 'close' && answer.headers.connection !== 'close')
      throw this.#breach(request, answer, 'the client closes the connection, and the response does not say so');
    const place = this.placeOf(request);
    try {
      this.#checkAt(place, request, answer, beyond);
    } catch (error) {
      // The host of an unreadable request is unknown, so only its path counts.
      if (!(beyond || isUnreadable(request, place)) || place === request.target) throw error;
      this.#checkAt(request.target, request, answer, beyond);
    }
  }

  #checkAt(place: string, request: WireRequest, answer: WireAnswer, beyond: boolean): void {
    const [path = ''] = place.split('?');
    if (FRAMEWORK.test(answer.body.subarray(0, 200).toString()))
      throw this.#breach(request, answer, 'neither a provider error nor a problem');
    const ordered = answer.headers['x-understudy-fault'] !== undefined;
    if (answer.status === 500 && !ordered)
      throw this.#breach(request, answer, 'an internal error without a planned fault');
    // A path near a mount gets the provider's error.
    const table = this.#tables.find(({ mount }) => path.toLowerCase().startsWith(mount));
    if (table !== undefined) {
      const within = path === table.mount || path.startsWith(`${table.mount}/`);
      this.#checkProvider(request, answer, table, { place: within ? place : nowhere(table), path, beyond });
    } else if (path === ADMIN || path.startsWith(`${ADMIN}/`)) this.#checkControl(request, answer, path, beyond);
    else this.#checkOutside(request, answer, path);
  }

  #checkProvider(
    request: WireRequest,
    answer: WireAnswer,
    table: Table,
    { place, path, beyond }: { place: string; path: string; beyond: boolean },
  ): void {
    const { method } = request;
    const { status, headers } = answer;
    if (isProblem(answer)) {
      // An error of the sandbox itself.
      this.#checkProblem(request, answer);
      return;
    }
    const seen = { method, url: place, status, headers, body: answer.body.toString() };
    try {
      checkAnswer(seen, this.#tables);
    } catch (error) {
      // An unreadable request has no operation and is rejected on every path.
      if (!(error instanceof ContractBreach) || !(beyond || isUnreadable(request, path)))
        throw this.#breach(request, answer, (error as Error).message);
      this.#try(request, answer, () => checkAnswer({ ...seen, url: nowhere(table) }, this.#tables));
    }
    if (String(headers['preference-applied'] ?? '').includes('lenient')) {
      // Every status has the provider's error body.
      const refusal = { ...seen, url: nowhere(table), status: 404, headers: { ...headers, 'preference-applied': '' } };
      this.#try(request, answer, () => checkAnswer(refusal, this.#tables));
    }
    if (headers['x-understudy-request'] === undefined && method !== 'OPTIONS')
      throw this.#breach(request, answer, 'no x-understudy-request');
  }

  #checkControl(request: WireRequest, answer: WireAnswer, path: string, beyond: boolean): void {
    const { status } = answer;
    const call = this.#calls.find(({ method, pattern }) => method === request.method && pattern.test(path));
    if (call?.responses[status] === undefined) {
      const outside =
        status === 404 || status === 403 || ((beyond || isUnreadable(request, path)) && OUTSIDE.has(status));
      if (call !== undefined && !outside) throw this.#breach(request, answer, `${status} is not declared`);
      if (!outside && status !== 400) throw this.#breach(request, answer, `${status} where there is no operation`);
      this.#checkProblem(request, answer);
      return;
    }
    const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
    const declared = Object.keys(call.responses[status].content ?? {});
    if (declared.length === 0 ? answer.body.length > 0 : !declared.includes(type))
      throw this.#breach(
        request,
        answer,
        `${type || 'no type'} where ${declared.join(' or ') || 'nothing'} is declared`,
      );
    if (isProblem(answer)) this.#checkProblem(request, answer);
    if (type !== 'application/json') return;
    const steps = [
      'paths',
      call.path,
      call.method.toLowerCase(),
      'responses',
      String(status),
      'content',
      type,
      'schema',
    ];
    this.#fits(request, answer, steps);
  }

  /** Checks the root, and paths of neither a provider nor the control plane. */
  #checkOutside(request: WireRequest, answer: WireAnswer, path: string): void {
    // The router treats an asterisk as the root.
    if ((path === '/' || path === '*') && answer.status === 302) return;
    if (!OUTSIDE.has(answer.status)) throw this.#breach(request, answer, `${answer.status} outside of everything`);
    this.#checkProblem(request, answer);
  }

  #checkProblem(request: WireRequest, answer: WireAnswer): void {
    if (!isProblem(answer)) throw this.#breach(request, answer, 'no application/problem+json');
    if (request.method === 'HEAD') return;
    const body = this.#fits(request, answer, ['components', 'schemas', 'Problem']);
    if (body.status !== answer.status) throw this.#breach(request, answer, `the problem says ${body.status}`);
    if (answer.status === 500) throw this.#breach(request, answer, 'a crash');
  }

  #fits(request: WireRequest, answer: WireAnswer, steps: readonly string[]): Node {
    const place = `document#/${steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const validate = this.#compiled.get(place) ?? this.#ajv.compile({ $ref: place });
    this.#compiled.set(place, validate);
    let body: Node;
    try {
      body = JSON.parse(answer.body.toString());
    } catch {
      throw this.#breach(request, answer, 'a body that is not JSON');
    }
    if (!validate(body)) throw this.#breach(request, answer, this.#ajv.errorsText(validate.errors));
    return body;
  }

  #try(request: WireRequest, answer: WireAnswer, check: () => void): void {
    try {
      check();
    } catch (error) {
      throw this.#breach(request, answer, (error as Error).message);
    }
  }

  #breach({ method, target }: WireRequest, { status, headers, body }: WireAnswer, why: string): Breach {
    const shown = `${headers['content-type'] ?? ''} ${body.subarray(0, 400).toString()}`;
    return new Breach(`${method} ${target.slice(0, 200)} returned ${status}: ${why}\n${shown}`);
  }
}

/** A provider URL that matches no operation. */
function nowhere({ mount }: Table): string {
  return `${mount}/-/-/-/-/-`;
}

function isProblem({ headers }: WireAnswer): boolean {
  return /^application\/problem\+json(;|$)/.test(headers['content-type'] ?? '');
}

/**
 * Whether the head is longer than Node accepts, the path cannot be decoded, or a segment is longer than any route
 * accepts.
 */
function isUnreadable({ target, lines }: WireRequest, path: string): boolean {
  if (target.length + lines.join('').length > 15_000) return true;
  if (/[^!-~]/.test(path) || path.split('/').some(({ length }) => length > 5000)) return true;
  try {
    decodeURIComponent(path);
    return false;
  } catch {
    return true;
  }
}
