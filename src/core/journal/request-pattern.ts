// Request patterns: which requests a fault rule applies to or a journal query selects.
import type { IncomingHttpHeaders } from 'node:http';
import { closest } from 'fastest-levenshtein';
import { Problem } from '../problem.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { compileGlob } from './path-glob.ts';
import { decoded } from './percent-encoding.ts';
import type { Pattern } from './schemas.ts';

/** Recorded for a client that disconnects during a delay or at a barrier, as nginx does. */
export const CLIENT_LEFT = 499;

/** A pattern; with `dryRun: null` a dry run matches like any other request. */
type AnyPattern = Omit<Pattern, 'dryRun'> & { readonly dryRun?: boolean | null | undefined };

/** A request that a pattern is matched against. */
export interface Subject {
  readonly provider: Provider | null;
  readonly operation: Operation | null;
  readonly method: string;
  readonly url: string;
  /** The path's parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Absent or null before the response. */
  readonly status?: number | null;
  /** Absent before the response. */
  readonly delivered?: boolean;
  readonly dryRun?: boolean;
}

/** The test of one member of a pattern. */
interface MemberTest {
  /** As the pattern names it; `header.<name>` for one of several headers. */
  readonly member: string;
  readonly expected: unknown;
  /** The request's value of this member. */
  actual(subject: Subject, body: () => unknown): unknown;
  holds(subject: Subject, body: () => unknown): boolean;
}

/** A member of a pattern that a request does not match. */
export interface Mismatch {
  readonly member: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** A compiled pattern. */
export interface Matcher {
  /** Whether the pattern has criteria for the body. */
  readonly needsBody: boolean;
  /** Whether a request matches; `body` returns its JSON and is called only when everything else matches. */
  matches(subject: Subject, body: () => unknown): boolean;
  /** The members that do not match. */
  mismatches(subject: Subject, body: () => unknown): Mismatch[];
}

/**
 * Compiles a pattern; `at` is its path in the enclosing body, e.g. `match`.
 *
 * @throws Problem for an unknown provider or operation, suggesting the most similar one
 */
export function compilePattern(pattern: AnyPattern, providers: readonly Provider[], at = ''): Matcher {
  checkNames(pattern, providers, at);
  const tests = [...testsOf(pattern)];
  return {
    needsBody: pattern.body !== undefined,
    matches: (subject, body) => tests.every((test) => test.holds(subject, body)),
    mismatches: (subject, body) =>
      tests
        .filter((test) => !test.holds(subject, body))
        .map((test) => ({ member: test.member, expected: test.expected, actual: test.actual(subject, body) ?? null })),
  };
}

function checkNames({ provider, operation }: AnyPattern, providers: readonly Provider[], at: string): void {
  const names = providers.map(({ name }) => name);
  if (provider !== undefined && !names.includes(provider)) throw unknownName(at, 'provider', provider, names);
  if (operation === undefined) return;
  const operations = providers
    .filter(({ name }) => provider === undefined || name === provider)
    .flatMap((one) => one.operations.map((known) => known.operation));
  if (!operations.includes(operation)) throw unknownName(at, 'operation', operation, operations);
}

function unknownName(at: string, member: string, given: string, known: readonly string[]): Problem {
  const path = at === '' ? member : `${at}.${member}`;
  const message = `there is no ${member} ${JSON.stringify(given)}; did you mean ${closest(given, [...known])}?`;
  return new Problem(400, 'invalid-input', `${path}: ${message}`, { errors: [{ path, message }] });
}

/** One test per member, the cheap ones first. */
function* testsOf(pattern: AnyPattern): Generator<MemberTest> {
  const { provider, operation, status, dryRun = false, id, path, header = {}, body } = pattern;
  const equal = (member: string, expected: unknown, actual: MemberTest['actual']): MemberTest => ({
    member,
    expected,
    actual,
    holds: (subject, body) => actual(subject, body) === expected,
  });
  if (provider !== undefined) yield equal('provider', provider, (subject) => subject.provider?.name);
  if (operation !== undefined) yield equal('operation', operation, (subject) => subject.operation?.operation);
  if (pattern.method !== undefined) yield equal('method', pattern.method.toUpperCase(), ({ method }) => method);
  if (status !== undefined) yield statusTest(status);
  if (dryRun !== null) yield equal('dryRun', dryRun, (subject) => subject.dryRun ?? false);
  if (id !== undefined) yield idTest(id);
  if (path !== undefined) yield pathTest(path);
  for (const [name, expected] of Object.entries(header)) {
    const key = name.toLowerCase();
    yield equal(`header.${key}`, expected, ({ headers }) => headers[key]);
  }
  if (body !== undefined) {
    yield {
      member: 'body',
      expected: body,
      actual: (_subject, content) => content(),
      holds: (_subject, content) => isSubset(body, content()),
    };
  }
}

/** The status that the client received; of a client that left before its response, 499. */
function receivedStatus({ status, delivered }: Subject): number | null | undefined {
  return delivered || status === CLIENT_LEFT ? status : undefined;
}

function statusTest(expected: number | string): MemberTest {
  return {
    member: 'status',
    expected,
    actual: receivedStatus,
    holds: (subject) => {
      const status = receivedStatus(subject);
      return status === expected || `${Math.floor(Number(status) / 100)}xx` === expected;
    },
  };
}

/** An id is the value of any path parameter of the operation. */
function idTest(id: string): MemberTest {
  const ids = ({ operation, params }: Subject) => (operation === null ? [] : Object.values(params));
  return {
    member: 'id',
    expected: id,
    actual: (subject) => ids(subject).join(', ') || null,
    holds: (subject) => ids(subject).includes(id),
  };
}

function pathTest(path: string): MemberTest {
  const matches = compileGlob(path);
  return {
    member: 'path',
    expected: path,
    actual: (subject) => pathsOf(subject)[0],
    // Patterns may include the provider's base or not.
    holds: (subject) => pathsOf(subject).some(matches),
  };
}

/** The path below the provider's base and the one below its mount; the full path for requests to no provider. */
function pathsOf({ provider, url }: Subject): string[] {
  const path = decoded(url.split('?', 1)[0] as string);
  if (provider === null) return [path];
  const { mount, base } = provider;
  const below = path.slice(mount.length);
  return base !== '' && below.startsWith(`${base}/`) ? [below.slice(base.length), below] : [below];
}

/** Whether `whole` contains `part`: objects may have additional members, arrays must have the same length. */
export function isSubset(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return part === whole;
  if (typeof whole !== 'object' || whole === null || Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part) && part.length !== (whole as unknown[]).length) return false;
  return Object.entries(part).every(
    ([key, value]) => Object.hasOwn(whole, key) && isSubset(value, (whole as Record<string, unknown>)[key]),
  );
}
