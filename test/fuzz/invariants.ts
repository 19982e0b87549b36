// What must be true of every answer, whatever was asked: declared, in the right envelope, and no crash.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { PROVIDERS } from '../../src/providers/index.ts';
import { ContractBreach, checkAnswer, TABLES, type Table } from '../contract/checker.ts';
import type { WireAnswer } from './socket-client.ts';
import { headerOf, type WireRequest } from './wire-request.ts';

/** An answer, or what came in its place, that must not be. */
export class Breach extends Error {
  override name = 'Breach';
}

const ADMIN = '/__admin';
/** What Node and Fastify refuse before a route is found. */
const OUTSIDE = new Set([400, 404, 408, 413, 414, 417, 431]);

/** How Node and Fastify call their own errors. */
const FRAMEWORK = /"code":"(FST_)?ERR_/;

type Node = Record<string, any>;

interface Call {
  readonly method: string;
  readonly pattern: RegExp;
  readonly path: string;
  readonly responses: Node;
}

/** Holds answers against the contracts of the providers and the control plane's own document. */
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

  /** Where a request goes: its path and query below the root of this server, whatever host it is for. */
  placeOf(request: WireRequest): string {
    const [, asked, rest] = /^https?:\/\/([^/?]+)(.*)$/i.exec(request.target) ?? [];
    const host = (asked ?? headerOf(request, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
    return (this.#hosts.get(host) ?? '') + (rest === undefined ? request.target : rest || '/');
  }

  /**
   * Holds one answer against what is declared. `beyond` says that the request was not HTTP as it should be, so that
   * it may have been refused before anybody knew what it was for.
   *
   * @throws Breach
   */
  check(request: WireRequest, answer: WireAnswer, beyond: boolean): void {
    const place = this.placeOf(request);
    try {
      this.#checkAt(place, request, answer, beyond);
    } catch (error) {
      // The host of a request that could not be read is not known: it goes by its path alone.
      if (!(beyond || isUnreadable(request, place)) || place === request.target) throw error;
      this.#checkAt(request.target, request, answer, beyond);
    }
  }

  #checkAt(place: string, request: WireRequest, answer: WireAnswer, beyond: boolean): void {
    const [path = ''] = place.split('?');
    if (FRAMEWORK.test(answer.body.subarray(0, 200).toString()))
      throw this.#breach(request, answer, 'not in the words of anybody here');
    const ordered = answer.headers['x-understudy-fault'] !== undefined;
    if (answer.status === 500 && !ordered) throw this.#breach(request, answer, 'a crash that nobody ordered');
    // A wrong start of a path is still a provider's to refuse.
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
      // The sandbox itself refuses.
      this.#checkProblem(request, answer);
      return;
    }
    const seen = { method, url: place, status, headers, body: answer.body.toString() };
    try {
      checkAnswer(seen, this.#tables);
    } catch (error) {
      // What cannot be read has no operation: it is refused as such, on every path.
      if (!(error instanceof ContractBreach) || !(beyond || isUnreadable(request, path)))
        throw this.#breach(request, answer, (error as Error).message);
      this.#try(request, answer, () => checkAnswer({ ...seen, url: nowhere(table) }, this.#tables));
    }
    if (String(headers['preference-applied'] ?? '').includes('lenient')) {
      // Whatever its status, it wears the provider's envelope.
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
      if (!outside && status !== 400) throw this.#breach(request, answer, `${status} where there is no call`);
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

  /** The root, and paths that are neither a provider's nor the control plane's. */
  #checkOutside(request: WireRequest, answer: WireAnswer, path: string): void {
    // A router reads an asterisk as the root.
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
    return new Breach(`${method} ${target.slice(0, 200)} answered ${status}: ${why}\n${shown}`);
  }
}

/** A URL of a provider that matches no operation. */
function nowhere({ mount }: Table): string {
  return `${mount}/-/-/-/-/-`;
}

function isProblem({ headers }: WireAnswer): boolean {
  return /^application\/problem\+json(;|$)/.test(headers['content-type'] ?? '');
}

/** Whether a head is longer than Node takes, a path does not decode, or a part of it is longer than any route takes. */
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
