// Path globs match as documented, and as fast on hostile paths as on others.
import t from 'tap';
import { compileGlob } from '../../../src/core/journal/path-glob.ts';
import { testServer } from '../../harness.ts';

t.test('* matches within a segment, ** across segments, and all else itself', async (t) => {
  const cases: [string, string, boolean][] = [
    ['/users/*', '/users/ann', true],
    ['/users/*', '/users/', true],
    ['/users/*', '/users/ann/rooms', false],
    ['/users**', '/users/ann/rooms', true],
    ['/users**', '/users', true],
    ['**/rooms', '/users/ann/rooms', true],
    ['/*/rooms/**', '/ann/rooms/1/2', true],
    ['/*/rooms/**', '/ann/x/rooms/1/2', false],
    ['/**-*-*x', '/a/b-c/d-e-fx', true],
    ['/**-*-*x', '/a-b/c-d/x', false],
    ['/a***b', '/a/1/b', true],
    ['/a.c', '/abc', false],
    ['/a\\[(', '/a\\[(', true],
    ['/a\n*', '/a\n\n', true],
    ['*', '', true],
    ['/', '', false],
    ['/ann', '/anna', false],
    [`/${'x'.repeat(31)}`, `/${'x'.repeat(31)}`, true],
    [`/${'x'.repeat(63)}*y`, `/${'x'.repeat(63)}zzy`, true],
    [`/${'x'.repeat(63)}*y`, `/${'x'.repeat(63)}zz/y`, false],
    ['/*\u{1f600}', '/a\u{1f600}', true],
  ];
  for (const [glob, path, matches] of cases) t.equal(compileGlob(glob)(path), matches, `${glob} on ${path}`);
});

t.test('globs agree with the regular expressions that they stand for', async (t) => {
  const random = (n: number) => Math.floor(Math.random() * n);
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[random(alphabet.length)]).join('');
  for (let round = 0; round < 5000; round++) {
    const glob = `/${text('ab/**', random(9))}`;
    const path = `/${text('aab/', random(12))}`;
    const source = glob.replace(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'));
    if (compileGlob(glob)(path) !== new RegExp(`^${source}$`).test(path)) t.fail(`${glob} on ${path}`);
  }
});

t.test('no path pattern delays the journal or a request with a fault rule', async (t) => {
  const { call } = await testServer(t);
  const long = `/pagecall/v1/users/${'-'.repeat(12_000)}`;
  const headers = { authorization: 'Bearer key' };
  const { status: plain } = await call('GET', long, { headers });
  for (const path of ['/users/*-*-*x', '/users/**-*-*-*x', `/users/${'*-'.repeat(900)}x`, '**-**-**-**x/']) {
    const from = performance.now();
    t.strictSame((await call('POST', '/__admin/requests/count', { json: { path } })).body, { count: 0 });
    const rule = { match: { path }, effect: { status: 503 } };
    t.equal((await call('POST', '/__admin/faults', { json: rule })).status, 201);
    t.equal((await call('GET', long, { headers })).status, plain);
    t.ok(performance.now() - from < 20_000, `${path.slice(0, 20)} does not take for ever`);
  }
  const { status, body } = await call('POST', '/__admin/requests/count', { json: { path: `/${'*x'.repeat(1000)}` } });
  t.equal(status, 400);
  t.match(body.errors, [{ path: 'path', message: 'Too big: expected string to have <=2000 characters' }]);
  const name = 'a'.repeat(500_000);
  const refused = await call('POST', '/__admin/requests/count', { json: { operation: name } });
  t.match(refused.body.errors, [{ path: 'operation', message: 'Too big: expected string to have <=200 characters' }]);
});
