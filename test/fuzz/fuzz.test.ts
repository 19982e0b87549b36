// A short fuzz of all operations, and tests that the fuzz detects errors and prints how to reproduce them.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { listening } from '../harness.ts';
import { drafts, requestOf } from './draft.ts';
import { fuzz } from './fuzz.ts';
import { FuzzServer } from './fuzz-server.ts';
import { Breach, Invariants } from './invariants.ts';
import { checkDatabase } from './sandbox-checks.ts';
import { shellLine } from './shell-line.ts';
import { SocketClient, type WireAnswer } from './socket-client.ts';
import { bytesOf, type WireRequest } from './wire-request.ts';

t.test('150 random requests to all providers and the control plane break nothing', async (t) => {
  const { responseCounts } = await fuzz(t, { seed: 4010, requests: 150 });
  t.ok(responseCounts.met.size > 50, `${responseCounts.met.size} operations were called`);
});

const GET: WireRequest = {
  method: 'GET',
  target: '/conductor/v1/end-users',
  version: '1.1',
  lines: ['Host: 127.0.0.1:4010'],
  body: null,
  framing: 'length',
};
const PROBLEM = { type: 'urn:understudy:x', title: 'X', status: 400, detail: 'X.' };

function answer(
  status: number,
  body: object | string,
  type = 'application/json; charset=utf-8',
  more = {},
): WireAnswer {
  const headers = { 'content-type': type, 'x-understudy-request': 'a', 'conductor-request-id': 'req_1', ...more };
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

t.test('an undeclared response or one with the wrong error body is detected', async (t) => {
  const { call } = await listening(t);
  const invariants = new Invariants((await call('GET', '/__admin/openapi.json')).body);
  const breach = (target: string, given: WireAnswer, why: RegExp, method = 'GET') =>
    t.throws(
      () => invariants.check({ ...GET, method, target }, given, false),
      { name: 'Breach', message: why },
      String(why),
    );
  const problem = 'application/problem+json; charset=utf-8';
  const { target } = GET;
  const { body: right } = await call('GET', target, { headers: { authorization: 'Bearer sk_x' } });
  t.doesNotThrow(() => invariants.check(GET, answer(200, right), false), 'a valid response');
  breach(target, answer(402, right), /does not declare/);
  breach(target, answer(200, { ...right, data: [{ id: 1 }] }), /does not fit/);
  breach(target, answer(200, '{'), /JSON/);
  breach(target, answer(401, PROBLEM), /does not fit/);
  breach(target, answer(200, right, 'text/plain'), /as text\/plain/);
  breach(target, answer(500, {}), /without a planned fault/);
  breach(target, answer(500, { ...PROBLEM, status: 500 }, problem, { 'x-understudy-fault': 'a' }), /a crash/);
  const { 'x-understudy-request': _, ...nameless } = answer(200, right).headers;
  breach(target, { ...answer(200, right), headers: nameless }, /no x-understudy-request/);
  breach(target, answer(418, {}, undefined, { 'preference-applied': 'handling=lenient' }), /does not fit/);
  breach(
    '/conductor/v1/nope',
    answer(404, { statusCode: 404, code: 'FST_ERR_X', error: 'A', message: 'A' }),
    /neither a provider error nor a problem/,
  );
  breach('/__admin/faults', answer(402, PROBLEM, problem), /402 is not declared/);
  breach('/__admin/faults', answer(200, { faults: [] }), /required property 'meta'/);
  breach('/__admin/faults', answer(200, 'a', 'text/html'), /text\/html where application\/json/);
  breach('/__admin/faults', answer(404, PROBLEM, problem), /the problem says 400/);
  breach(
    '/__admin/faults',
    answer(500, { ...PROBLEM, status: 500 }, problem, { 'x-understudy-fault': 'a' }),
    /a crash/,
  );
  breach('/__admin/nope', answer(413, PROBLEM, problem), /413 where there is no operation/);
  breach('/nowhere', answer(200, {}), /outside of everything/);
  breach('/nowhere', answer(404, {}), /no application\/problem/);
});

t.test('a database with a dangling reference or a damaged index is detected', async (t) => {
  const db = new Sqlite(':memory:');
  t.teardown(() => db.close());
  db.exec(
    'create table a (id text primary key) strict; create table b (a text references a(id)) strict; create index i on b (a)',
  );
  t.doesNotThrow(() => checkDatabase(db.serialize(), 'one'));
  db.pragma('foreign_keys = off');
  db.exec("insert into b values ('nowhere')");
  t.throws(
    () => checkDatabase(db.serialize(), 'one'),
    new Breach('one has dangling references: [{"table":"b","rowid":1,"parent":"a","fkid":0}]'),
  );
  db.exec("insert into a values ('nowhere')");
  t.doesNotThrow(() => checkDatabase(db.serialize(), 'one'));
  db.unsafeMode().exec(
    "pragma writable_schema = on; update sqlite_schema set sql = 'create index i on b (a desc)' where name = 'i'",
  );
  db.exec("insert into b values ('x'), ('y')");
  t.throws(() => checkDatabase(db.serialize(), 'one'), Breach);
});

/** A socket server that records the bytes of each connection in turn. */
async function recorder(t: Test): Promise<{ origin: URL; next: (length: number) => Promise<Buffer> }> {
  const waiting: { length: number; resolve: (bytes: Buffer) => void }[] = [];
  const server = createServer((socket) => {
    const { length, resolve } = waiting.shift() ?? { length: 0, resolve: () => {} };
    let bytes = Buffer.alloc(0);
    const end = () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    // The end of an invalid request is not detectable, because missing bytes may never arrive.
    let timer = setTimeout(end, 2000);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      bytes = Buffer.concat([bytes, data]);
      if (bytes.length < length) return;
      clearTimeout(timer);
      timer = setTimeout(end, 5);
    });
    socket.on('close', () => resolve(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const next = (length: number) => new Promise<Buffer>((resolve) => waiting.push({ length, resolve }));
  return { origin: new URL(`http://127.0.0.1:${port}`), next };
}

t.test('the printed shell lines send the same bytes again, with curl and with a raw socket', async (t) => {
  const { origin, next } = await recorder(t);
  const server = await FuzzServer.open(t);
  const context = { host: origin.host, known: server.known, recent: () => [] };
  const draft = fc.oneof(...server.targets.map((target) => drafts(target, server.known, [])));
  const drawn = fc.sample(draft, { seed: 5, numRuns: 15 }).map((one) => [requestOf(one, context)]);
  const hard = { ...GET, method: 'POST', lines: [`Host: ${origin.host}`, 'X-A: it\'s "$HOME" `a` \\n %s !'] };
  const body = Buffer.from('it\'s "$HOME" `a` \\n %s !\nü');
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  const requests = [[{ ...hard, body }], [{ ...hard, body: bytes }], [hard, hard], ...drawn].filter(
    // Limited to what fits into one shell argument.
    (all) => Buffer.concat(all.map(bytesOf)).length < 30_000,
  );
  const tools = new Set<string>();
  for (const all of requests) {
    const line = shellLine(all, origin);
    tools.add(line.split(' ')[0] as string);
    const expected = Buffer.concat(all.map(bytesOf));
    const [sent] = await Promise.all([next(expected.length), run(line)]);
    t.equal(sent.toString('latin1'), expected.toString('latin1'), line.slice(0, 200));
  }
  t.strictSame([...tools].sort(), ['bash', 'curl']);
});

function run(line: string): Promise<void> {
  return new Promise((resolve) => spawn('bash', ['-c', line], { stdio: 'ignore' }).once('close', () => resolve()));
}

t.test('a late, incomplete or invalid response is not accepted', async (t) => {
  const says = async (text: string) => {
    const server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(text)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const client = new SocketClient((server.address() as { port: number }).port);
    const sending = { bytes: bytesOf(GET), methods: ['GET'], finish: false, once: true, isHeld: async () => false };
    return await client.send(sending);
  };
  t.match(await says('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'), {
    end: 'whole',
    answers: [{ status: 200 }],
  });
  t.match(await says('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'), {
    end: 'whole',
    answers: [{ status: 204 }],
  });
  t.match(await says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n'), {
    end: 'whole',
    answers: [{ body: Buffer.from('ab') }],
  });
  t.match(await says('HTTP/1.1 200 OK\r\n\r\nuntil the end'), {
    end: 'whole',
    answers: [{ body: Buffer.from('until the end') }],
  });
  t.match(await says('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello'), { end: 'closed', answers: [] });
  t.match(await says('this is not HTTP\r\n\r\n'), { end: 'garbled', answers: [] });
  t.match(await says('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nmore'), { end: 'whole', rest: Buffer.from('more') });
});
