// Judges a client by the requests in a journal: whether it retries what it should, waits as told, and does nothing twice.
import { isDeepStrictEqual } from 'node:util';
import {
  type Attempt,
  type Attempts,
  attemptsOf,
  failed,
  isRefusal,
  received,
  statusOf,
  waitBefore,
} from './attempts.ts';
import type { AttemptedCall, ClientRule, ClientVerdict } from './client-schemas.ts';
import type { Exchange } from './journal.ts';
import { bodyValue, isSecretPart, redactUrl } from './journal-entry.ts';
import { decoded } from './percent-encoding.ts';
import { CLIENT_HEADER } from './request-digest.ts';

/** Errors that a repetition does not change. */
const FINAL = [400, 401, 403, 404, 422];
/** How long a client may wait for a response, in ms. */
const PATIENCE = 30_000;
/** Timers and the network are not exact; in ms. */
const TOLERANCE = 50;

/** What a journal shows of its clients: the verdicts, failed ones first, and the calls with their attempts. */
export function judgeClients(oldestFirst: readonly Exchange[]): { verdicts: ClientVerdict[]; calls: AttemptedCall[] } {
  const calls = attemptsOf(oldestFirst);
  const verdicts = calls.flatMap((call) => [...verdictsOn(call, calls)]);
  const rank = ({ passed }: ClientVerdict) => [false, null, true].indexOf(passed);
  return { verdicts: verdicts.sort((a, b) => rank(a) - rank(b)), calls: calls.map(shown) };
}

function* verdictsOn(call: Attempts, calls: readonly Attempts[]): Generator<ClientVerdict> {
  for (const [n, attempt] of call.entries()) {
    const next = call[n + 1];
    if (failed(attempt)) yield* onRetry(attempt, next, n, calls);
    if (next !== undefined && received(attempt)) yield* onWait(attempt, next);
    if (!received(attempt) && attempt.durationMs > PATIENCE)
      yield verdict('gives-up-waiting', false, [attempt], `waited ${seconds(attempt.durationMs)} for a response`);
  }
  yield* onLost(call, calls);
  const secret = secretIn(call[0]);
  if (secret !== null) yield verdict('keeps-secrets-out-of-urls', false, [call[0]], `sent ${secret} in the URL`);
}

/** A failed attempt, the n-th retry of its call, was to be repeated, or was not. */
function* onRetry(
  attempt: Attempt,
  next: Attempt | undefined,
  n: number,
  calls: readonly Attempts[],
): Generator<ClientVerdict> {
  const status = statusOf(attempt);
  const what = status === null ? 'no response' : String(status);
  const told = received(attempt) && attempt.responseHeaders['x-should-retry'] === 'false';
  const retryable = !told && (status === null || status === 429 || status >= 500);
  const requests = next === undefined ? [attempt] : [attempt, next];
  if (retryable) {
    const passed = next !== undefined;
    // A client may give up in the end; and without a response, a create may have been done.
    if (!passed && (n > 0 || (status === null && isCreate(attempt)))) return;
    if (!passed && calls.some(([later]) => mayRepeat(later, attempt))) return;
    yield verdict('retries-transient-errors', passed, requests, `${passed ? 'retried' : 'gave up'} after ${what}`);
  } else if (told || FINAL.includes(Number(status))) {
    const passed = next === undefined;
    const why = told ? `${what} with x-should-retry: false` : what;
    yield verdict('retries-nothing-else', passed, requests, `${passed ? 'did not retry' : 'retried'} after ${why}`);
  }
}

/** A response said how long to wait. */
function* onWait(attempt: Attempt, next: Attempt): Generator<ClientVerdict> {
  const asked = askedWait(attempt);
  if (asked === null) return;
  const waited = waitBefore(next, attempt);
  const passed = waited >= asked - TOLERANCE;
  yield verdict('obeys-retry-after', passed, [attempt, next], `waited ${waited} ms where ${asked} ms were asked for`);
}

/** A write took effect and its response was lost, on the wire or to an error. */
function* onLost(call: Attempts, calls: readonly Attempts[]): Generator<ClientVerdict> {
  const at = call.findIndex((one) => one.done && failed(one));
  const lost = call[at];
  if (lost === undefined) return;
  const later = call.slice(at + 1);
  // What an action on one thing did is only known from its response.
  if (isCreate(lost) && (lost.status < 300 || !/\}\/[^/]+$/.test(lost.operation.path))) {
    const twice = later.find((one) => one.done && !showsSame(one, lost));
    if (twice !== undefined)
      yield verdict('creates-once', false, [lost, twice], 'created again what a lost response had created');
    else if (later.some(isRefusal))
      yield verdict('creates-once', true, [lost, ...later], 'repeated a create, and the provider refused the copy');
  }
  const missing = later.find(saysNotFound);
  if (lost.method !== 'DELETE' || missing === undefined) return;
  const last = later.at(-1) as Attempt;
  const goesOn = calls.some(([first]) => first.arrived > missing.arrived);
  // Code that calls nothing more may be done, or may have failed.
  const passed = last === missing ? goesOn || null : false;
  const how = last === missing ? (goesOn ? 'and went on' : 'and called nothing more') : 'and repeated it again';
  yield verdict('accepts-not-found', passed, [lost, missing], `got "not found" for a delete that was done, ${how}`);
}

/** Whether a request creates something, if it is done: a POST to a path that does not end in an id. */
function isCreate({ method, operation }: Attempt): boolean {
  return method === 'POST' && !operation.path.endsWith('}');
}

/** Whether a later request may be a retry that is not equal, such as one with a new id: half of its body is the same. */
function mayRepeat(later: Attempt, earlier: Attempt): boolean {
  const targetOf = ({ method, url, headers }: Attempt) => [method, url, headers[CLIENT_HEADER]].join(' ');
  if (later.arrived <= earlier.arrived || targetOf(later) !== targetOf(earlier)) return false;
  const contentOf = ({ body }: Attempt): Record<string, unknown> => Object(bodyValue(body));
  const [one, two] = [contentOf(later), contentOf(earlier)];
  const names = Object.keys(one);
  return names.filter((name) => isDeepStrictEqual(one[name], two[name])).length * 2 >= names.length;
}

/** Whether two responses show the same thing, as those of an action on one thing do: all keys in both are equal. */
function showsSame(one: Attempt, other: Attempt): boolean {
  const [a, b] = [one, other].map(({ responseBody }) => bodyValue(responseBody) as Record<string, unknown> | null);
  const keys = one.provider.resources.map(({ key }) => key).filter((key) => a?.[key] != null && b?.[key] != null);
  return keys.length > 0 && keys.every((key) => a?.[key] === b?.[key]);
}

function verdict(
  rule: ClientRule,
  passed: boolean | null,
  attempts: readonly Attempt[],
  detail: string,
): ClientVerdict {
  const [{ provider, operation }] = attempts as Attempts;
  const requests = attempts.map(({ id }) => id);
  return { rule, passed, provider: provider.name, operation: operation.operation, detail, requests };
}

/** The wait that a response asks for, in ms; a date, which depends on the client's clock, is not judged. */
function askedWait({ responseHeaders }: Attempt): number | null {
  const [ms, s] = [responseHeaders['retry-after-ms'], responseHeaders['retry-after']];
  if (ms !== undefined) return Number(ms);
  return s === undefined || Number.isNaN(Number(s)) ? null : Number(s) * 1000;
}

/** Providers say "not found" with 404, or with another 4xx and a text that says so. */
function saysNotFound(attempt: Attempt): boolean {
  if (attempt.status === 404) return true;
  const refused = attempt.status >= 400 && attempt.status < 500;
  return refused && /not found/i.test(JSON.stringify(bodyValue(attempt.responseBody)));
}

/** What secret the URL of a request has; null for none. */
function secretIn({ url, provider, headers }: Attempt): string | null {
  const parameter = url.split(/[?&]/).slice(1).find(isSecretPart);
  if (parameter !== undefined) return `the parameter ${parameter.split('=', 1)[0]}`;
  // Keys of other sandboxes begin like those of the default one.
  const samples = Object.entries(provider.sampleKeys('default')).filter(([name]) => !name.startsWith('publishable'));
  const known = [...provider.auth.credentials(headers), ...samples.map(([, key]) => key)].filter(
    (key) => key.length > 3,
  );
  return known.some((key) => decoded(url).includes(key)) ? 'its key' : null;
}

function shown(call: Attempts): AttemptedCall {
  const [{ provider, operation, method, url }] = call;
  return {
    provider: provider.name,
    operation: operation.operation,
    method,
    url: redactUrl(url),
    statuses: call.map(statusOf),
    waitsMs: call.slice(1).map((next, n) => waitBefore(next, call[n] as Attempt)),
    requests: call.map(({ id }) => id),
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
