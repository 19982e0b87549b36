// Verdicts from facts: how a command ended, and in which rows it differs from the baseline.
import t from 'tap';
import type { JournalEntry } from '../../../src/control/schemas.ts';
import { alignCalls } from '../../../src/explore/calls.ts';
import { withEnd } from '../../../src/explore/client-end.ts';
import { type BaselineEffect, compareChanges, maskedFields } from '../../../src/explore/compare.ts';
import { type Change, changesOf } from '../../../src/explore/effects.ts';
import { summaryOf } from '../../../src/explore/reports/text.ts';
import { endOf, rowsOf } from '../../../src/explore/sentences.ts';
import { type Ended, type Facts, verdictOf } from '../../../src/explore/verdict.ts';

const ended = (more: Partial<Ended> = {}): Ended => ({ exit: 0, signal: null, timedOut: false, output: '', ...more });
const row = { provider: 'conductor', resource: 'endUsers', id: 'a' };
const different = { what: 'different', ...row } as const;
const left = { what: 'left', ...row } as const;

t.test('the first verdict that fits is given', async (t) => {
  const facts = { ended: ended(), findings: [], reached: true, unchanged: false, readOnly: false };
  const cases: [Partial<Facts>, string][] = [
    [{}, 'survived'],
    [{ reached: false, findings: [left], ended: ended({ exit: 1 }) }, 'not-reached'],
    [{ reached: false, ended: ended({ timedOut: true }) }, 'hung'],
    [{ reached: false, ended: ended({ exit: 137 }) }, 'crashed'],
    [{ ended: ended({ exit: null, signal: 'SIGKILL', timedOut: true }), findings: [left] }, 'hung'],
    [{ ended: ended({ exit: null, signal: 'SIGSEGV' }), findings: [left] }, 'crashed'],
    [{ ended: ended({ exit: 139 }) }, 'crashed'],
    [{ ended: ended({ exit: 255 }) }, 'done-but-reported-failed'],
    [{ findings: [left] }, 'half-done'],
    [{ findings: [left], unchanged: true }, 'half-done'],
    [{ findings: [left], ended: ended({ exit: 1 }) }, 'half-done'],
    [{ findings: [different], ended: ended({ exit: 1 }) }, 'half-done'],
    [{ findings: [different] }, 'survived-differently'],
    [{ findings: [left], ended: ended({ exit: 1 }), unchanged: true }, 'failed-cleanly'],
    [{ ended: ended({ exit: 1 }), unchanged: true, readOnly: true }, 'failed-cleanly'],
    [{ ended: ended({ exit: 1 }) }, 'done-but-reported-failed'],
  ];
  for (const [given, verdict] of cases) t.equal(verdictOf({ ...facts, ...given }), verdict, JSON.stringify(given));
});

t.test('the end of the code decides what the journal alone does not show of its client', async (t) => {
  const of = { provider: 'conductor', operation: 'endUsers.delete', requests: ['a'] };
  const missing = { ...of, rule: 'accepts-not-found', passed: null, detail: 'got "not found"' } as const;
  const gaveUp = { ...of, rule: 'retries-transient-errors', passed: false, detail: 'gave up after 500' } as const;
  const waited = { ...gaveUp, detail: 'gave up after no response' } as const;
  const fine = { ...gaveUp, passed: true, detail: 'retried after 503' } as const;
  const verdicts = [gaveUp, waited, missing, fine];
  t.strictSame(withEnd(verdicts, ended()), [gaveUp, waited, { ...missing, passed: true }, fine]);
  t.strictSame(withEnd(verdicts, ended({ exit: 1 })), [gaveUp, waited, { ...missing, passed: false }, fine]);
  const stopped = ended({ exit: null, signal: 'SIGKILL', timedOut: true });
  t.strictSame(withEnd(verdicts, stopped), [gaveUp, { ...missing, passed: false }, fine]);
});

t.test('an exploration that was stopped before its first run says so', async (t) => {
  t.equal(summaryOf({ runs: [] }), '0 runs');
});

t.test('how a command ended is said in words', async (t) => {
  const words = [ended({ exit: 3 }), ended({ exit: null, signal: 'SIGTERM' }), ended({ timedOut: true })];
  t.strictSame(
    words.map((ended) => endOf({ ended, durationMs: 10_012 })),
    ['exit 3', 'ended by SIGTERM', 'stopped at the time limit, after 10 s'],
  );
});

const change = (kind: Change['kind'], id: string, more: object = {}): Change => ({
  kind,
  ...row,
  id,
  row: { id, ...more },
});
const baseline = (...changes: Change[]): BaselineEffect => ({
  changes,
  masked: new Set(['conductor endUsers.random']),
  removed: new Set(['endUsers gone']),
  roots: new Set(['endUsers gone']),
});
const found = (effect: BaselineEffect, ...run: Change[]) =>
  compareChanges(effect, run).map(({ what, id, detail }) => [what, id, ...(detail === undefined ? [] : [detail])]);

t.test('rows are left, missing, doubled or different', async (t) => {
  const token = (letter: string) => `end_usr_${letter.repeat(14)}`;
  t.strictSame(found(baseline(change('delete', 'a')), change('delete', 'a')), []);
  t.strictSame(found(baseline(change('delete', 'a'))), [['left', 'a']]);
  t.strictSame(found(baseline(change('delete', 'a')), change('update', 'a')), [['left', 'a']]);
  t.strictSame(found(baseline(), change('insert', 'gone')), [['left', 'gone']]);
  t.strictSame(found(baseline(change('insert', 'a'))), [['missing', 'a']]);
  t.strictSame(found(baseline(change('update', 'a'))), [['different', 'a', 'is not updated']]);
  t.strictSame(found(baseline(), change('insert', 'a')), [['different', 'a', 'is created too']]);
  t.strictSame(found(baseline(), change('update', 'a')), [['different', 'a', 'is updated too']]);
  t.strictSame(found(baseline(), change('delete', 'a')), [['different', 'a', 'is deleted too']]);
  const gone = change('delete', 'gone');
  t.strictSame(found(baseline(gone), gone, change('insert', 'a')), [['different', 'a', 'is created too']]);
  const made = change('insert', token('a'), { email: 'a@example.com' });
  t.strictSame(found(baseline(made), made, change('insert', token('b'), { email: 'a@example.com' })), [
    ['doubled', token('b')],
  ]);
  t.strictSame(found(baseline(made), made, change('insert', token('b'), { email: 'b@example.com' })), [
    ['different', token('b'), 'is created too'],
  ]);
  t.strictSame(found(baseline(made), made, change('insert', token('b'), { email: 7 })), [
    ['different', token('b'), 'is created too'],
  ]);
  t.strictSame(found(baseline(made), made, change('insert', `${token('b')}b`, { email: 'a@example.com' })), [
    ['different', `${token('b')}b`, 'is created too'],
  ]);
  const numbered = change('insert', token('a'), { email: 7 });
  t.strictSame(found(baseline(numbered), numbered, made), [['different', token('a'), 'is created too']]);
  t.strictSame(found(baseline(made), change('insert', token('b'), { email: 'a@example.com' })), [
    ['different', token('a'), `id is "${token('b')}", not "${token('a')}"`],
  ]);
  t.strictSame(
    found(baseline(change('update', 'a', { n: 1, random: 1 })), change('update', 'a', { n: 2, random: 2 })),
    [['different', 'a', 'n is 2, not 1']],
  );
  t.strictSame(found(baseline(change('delete', 'a'), change('delete', 'gone'))), [
    ['left', 'gone'],
    ['left', 'a'],
  ]);
});

t.test('times of a run are compared in minutes since its start, in text and as numbers', async (t) => {
  const start = Date.parse('2030-01-01T00:00:00Z');
  const times = {
    id: 'a',
    createdAt: '2030-01-01T00:00:00.003Z',
    expiresAt: '2030-01-01T00:30:00.003Z',
    before: '2029-12-31T00:00:00.000Z',
  };
  // The last is not the sandbox's time, whose clock has moved by 1.5 s.
  const numbers = { n: 3, ms: start + 61_000, late: start * 2, other: start + 61_501 };
  const inserts = [{ ...times, ...numbers }];
  t.strictSame(
    changesOf({ conductor: { endUsers: { inserts, updates: [], deletes: [] } } }, start, start + 1500)[0]?.row,
    {
      ...{ id: 'a', createdAt: 'start + 0 min', expiresAt: 'start + 30 min', before: times.before },
      ...{ n: 3, ms: 'start + 1 min', late: start * 2, other: numbers.other },
    },
  );
});

t.test('baselines that differ by rows are not repeatable, by fields they are masked', async (t) => {
  const one = [change('insert', 'a', { n: 1 }), change('delete', 'b')];
  t.strictSame(maskedFields(one, [change('insert', 'a', { n: 2 }), change('delete', 'b')]), {
    masked: new Set(['conductor endUsers.n']),
    differences: [],
  });
  t.strictSame(maskedFields(one, [change('delete', 'b')]).differences, [
    'insert conductor endUsers: 1 rows in the first run and 0 in the second differ',
  ]);
});

t.test('rows that concurrent runs created in another order are paired by what is the same', async (t) => {
  const made = (id: string, name: string) => change('insert', id, { name, kind: 'k' });
  t.strictSame(
    maskedFields([made('1', 'a'), made('2', 'b')], [made('3', 'b'), made('4', 'a')]).masked,
    new Set(['conductor endUsers.id']),
  );
});

t.test('only a few rows of a kind are named', async (t) => {
  const findings = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...left, id }));
  t.strictSame(rowsOf({ findings: [...findings, { ...different, detail: 'is created too' }] }), [
    'left: conductor endUsers a, conductor endUsers b, conductor endUsers c, and 2 more',
    'different: conductor endUsers a is created too',
  ]);
});

const entry = (method: string, path: string, body: unknown = null, more: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ id: 'r', at: '', provider: 'conductor', operation: `${method} it`, durationMs: 0, delivered: true },
  request: { method, url: `/conductor/v1${path}?a=b`, headers: {}, body },
  response: { status: 200, headers: {}, body: null },
  ...more,
});
const names = (...lists: [JournalEntry[], JournalEntry[]]) => {
  const { calls, masked, differences } = alignCalls(...lists);
  return {
    calls: calls.map(({ path, body, occurrence, writes }) => [path, body, occurrence, writes]),
    masked,
    differences,
  };
};

t.test('calls keep their order where both runs have it, and are sorted by name where not', async (t) => {
  const [a, b] = [entry('DELETE', '/a'), entry('DELETE', '/b')];
  t.strictSame(names([b, a, b], [b, a, b]).calls, [
    ['/v1/b', null, 1, true],
    ['/v1/a', null, 1, true],
    ['/v1/b', null, 2, true],
  ]);
  t.strictSame(names([b, a], [a, b]).calls, [
    ['/v1/a', null, 1, true],
    ['/v1/b', null, 1, true],
  ]);
});

t.test('bodies tell calls apart on one path only, and what is random in them is masked', async (t) => {
  const post = (body: object) => entry('POST', '/a', body);
  t.strictSame(names([post({ n: 1 })], [post({ n: 1 })]).calls, [['/v1/a', null, 1, true]]);
  const both = [post({ n: 1, at: 1 }), post({ n: 2, at: 2 })];
  t.strictSame(names(both, [post({ n: 1, at: 3 }), post({ n: 2, at: 4 })]), {
    calls: [
      ['/v1/a', { n: 1 }, 1, true],
      ['/v1/a', { n: 2 }, 1, true],
    ],
    masked: ['POST it body.at'],
    differences: [],
  });
  t.strictSame(names([entry('GET', '/a/x')], [entry('GET', '/a/y')]), {
    calls: [['/v1/a/*', null, 1, false]],
    masked: ['GET it path'],
    differences: [],
  });
  const shapes: [JournalEntry, JournalEntry][] = [
    [entry('GET', '/a'), entry('GET', '/a/b')],
    [post({}), entry('POST', '/a', [])],
    [
      post({}),
      entry(
        'POST',
        '/a',
        {},
        { request: { method: 'POST', url: '/conductor/v1/a', headers: {}, body: {}, bodyTruncated: true } },
      ),
    ],
  ];
  for (const [one, two] of shapes) t.equal(names([one], [two]).differences.length, 1);
});

t.test('a failed write, a dry run and a pending one are no writes, and what matched nothing is no call', async (t) => {
  const response = (status: number | null) => ({ response: { status, headers: {}, body: null } });
  const entries = [
    entry('POST', '/a', null, response(409)),
    entry('POST', '/b', null, response(null)),
    entry('POST', '/c', null, { dryRun: true }),
    entry('POST', '/d', null, { operation: null }),
    entry('POST', '/e', null, { provider: null }),
  ];
  t.strictSame(
    names(entries, entries).calls.map(([path, , , writes]) => [path, writes]),
    [
      ['/v1/a', false],
      ['/v1/b', false],
      ['/v1/c', false],
    ],
  );
});
