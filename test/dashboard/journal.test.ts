// The dashboard's journal: merging, filtering, tags, and JSON highlighting.
import t from 'tap';
import {
  EVERYTHING,
  entryAt,
  filtered,
  merged,
  pathOf,
  receivedStatus,
  statusKind,
  tagsOf,
} from '../../src/dashboard/model/journal.ts';
import { tokensOf } from '../../src/dashboard/model/json-tokens.ts';
import { entry } from './fixtures.ts';

const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id);

t.test('new entries come first, without duplicates, and the list is limited', async (t) => {
  t.strictSame(ids(merged([entry('3'), entry('2')], [entry('2'), entry('1')])), ['3', '2', '1']);
  const many = Array.from({ length: 2500 }, (_, number) => entry(String(number)));
  t.equal(merged([entry('new')], many).length, 2000);
});

t.test('a filter matches provider, status, and text in request and response', async (t) => {
  const refused = entry('refused', { response: { status: 404, headers: {}, body: 'No Such User' } });
  const stray = entry('stray', { provider: null, operation: null, response: { status: 404, headers: {}, body: null } });
  const bent = entry('bent', { fault: 'code=503', response: { status: 503, headers: {}, body: { a: [1] } } });
  const all = [entry('fine'), refused, stray, bent];
  const found = (parts: object) => ids(filtered(all, { ...EVERYTHING, ...parts }));
  t.equal(filtered(all, EVERYTHING), all);
  t.strictSame(found({ provider: 'pagecall' }), ['fine', 'refused', 'bent']);
  t.strictSame(found({ provider: '-' }), ['stray']);
  t.strictSame(found({ status: '4' }), ['refused', 'stray']);
  t.strictSame(found({ status: '503' }), ['bent']);
  t.strictSame(found({ text: ' no such ' }), ['refused']);
  t.strictSame(found({ text: '"a":[1]' }), ['bent']);
  t.strictSame(found({ text: 'CODE=503' }), ['bent']);
  t.strictSame(found({ text: 'getuser', status: '2' }), ['fine']);
});

t.test('an entry has tags', async (t) => {
  const texts = (parts: object) => tagsOf(entry('1', parts)).map(({ text }) => text);
  t.strictSame(texts({}), []);
  t.strictSame(texts({ deletion: true }), ['deleted rows']);
  t.strictSame(texts({ deletion: true, fault: 'f1' }), ['fault', 'deleted rows']);
  t.strictSame(texts({ deletion: true, dryRun: true, fault: 'dry-run' }), ['dry run'], 'a dry run deleted nothing');
  t.strictSame(texts({ nearest: [] }), ['unmatched']);
  t.strictSame([200, 303, 404, 503].map(statusKind), ['good', 'moved', 'refused', 'failed']);
  t.equal(pathOf('/a/b?c=d?e'), '/a/b');
});

t.test('a lost or pending response has no status, and no status filter selects it', async (t) => {
  const lost = entry('lost', { delivered: false });
  const pending = entry('pending', {
    delivered: false,
    pending: true,
    response: { status: null, headers: {}, body: null },
  });
  const all = [entry('fine'), lost, pending];
  t.strictSame(all.map(receivedStatus), [200, null, null]);
  t.strictSame(ids(filtered(all, { ...EVERYTHING, status: '2' })), ['fine']);
  t.strictSame(ids(filtered(all, { ...EVERYTHING, text: 'alice' })), ['fine', 'lost']);
});

t.test('arrow keys select the entry before or after, and stop at the ends', async (t) => {
  const all = [entry('1'), entry('2'), entry('3')];
  t.equal(entryAt(all, undefined, 1)?.id, '1');
  t.equal(entryAt(all, 'gone', -1)?.id, '1');
  t.equal(entryAt(all, '2', 1)?.id, '3');
  t.equal(entryAt(all, '3', 1)?.id, '3');
  t.equal(entryAt(all, '1', -1)?.id, '1');
  t.equal(entryAt([], '1', 1), undefined);
});

t.test('highlighted JSON has the same text', async (t) => {
  const value = { name: 'a "quoted": \\ text', list: [1, -2.5e-7, true, null, 'x'], empty: {}, '<b>': '</script>' };
  const tokens = tokensOf(value);
  t.equal(tokens.map(({ text }) => text).join(''), JSON.stringify(value, null, 2));
  const kinds = (text: string) => tokens.find((token) => token.text === text)?.kind;
  t.equal(kinds('-2.5e-7'), 'number');
  t.equal(kinds('null'), 'word');
  t.equal(kinds('"x"'), 'text');
  t.equal(kinds('"list":'), 'name');
  t.strictSame(tokensOf('not {"json": 1}'), [{ kind: 'plain', text: 'not {"json": 1}' }]);
  t.strictSame(tokensOf(7), [{ kind: 'number', text: '7' }]);
  t.strictSame(tokensOf(undefined), []);
  const long = Array.from({ length: 9000 }, (_, number) => number);
  t.equal(
    tokensOf(long)
      .map(({ text }) => text)
      .join(''),
    JSON.stringify(long, null, 2),
  );
  t.ok(tokensOf(long).length < 4100, 'a long one is not all in colours');
});
