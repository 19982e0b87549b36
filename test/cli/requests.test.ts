// `understudy requests`: listed, counted, verified, awaited, cleared, and followed as they come.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import t from 'tap';
import { listening, type TestServer } from '../harness.ts';
import { printed, typed, typing } from './shell.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';

/** Alice is deleted, and once more. */
async function deleteTwice({ call }: TestServer, sandbox = 'default'): Promise<string[]> {
  const headers = { authorization: 'Bearer sk_conductor_test', 'x-understudy-sandbox': sandbox };
  const answers = [await call('DELETE', ALICE, { headers }), await call('DELETE', ALICE, { headers })];
  return answers.map((answer) => String(answer.headers['x-understudy-request']));
}

t.test('they are listed newest first, told apart by a pattern, and named when no operation was meant', async (t) => {
  const server = await listening(t);
  const { url, call } = server;
  const type = typing(url);
  const [first, second] = await deleteTwice(server);
  const { out, code, err } = await type('requests');
  t.strictSame([code, err], [0, '']);
  t.match(
    out.replace(/\d\d\d\d-\S+Z/g, 'TIME').replace(/ \d+\.\d /g, ' 1.0 '),
    new RegExp(
      `^STATUS  METHOD  URL +OPERATION +MS +FAULT +REQUEST +AT\n404 +DELETE  ${ALICE}  endUsers.delete  1.0 +${second}  TIME\n200 +DELETE  ${ALICE}  endUsers.delete  1.0 +${first}  TIME\n$`,
    ),
  );
  t.strictSame(
    JSON.parse((await type('requests list --json --status 404 --operation endUsers.delete')).out),
    (await call('POST', '/__admin/requests/find', { json: { status: 404 } })).body,
  );
  t.match(await type('requests --limit 1'), { err: 'understudy: these are 1 of 2; --limit lists more.\n' });
  t.equal((await type(`requests --since ${first}`)).out.split('\n').length, 3);
  await call('DELETE', '/conductor/v1/end-user/x', { headers: { prefer: 'code=503' } });
  t.match((await type('requests --method delete --path **/end-user/*')).out, / none, nearest endUsers\.delete /);
  await call('GET', '/conductor/connect/qbd/nobody');
  t.match(
    (await type('requests --path /connect/**')).out,
    / \/conductor\/connect\/qbd\/nobody +\d/,
    'a page is no operation',
  );
  await call('DELETE', `${ALICE}_fail_503`, { headers: { authorization: 'Bearer sk_conductor_test' } });
  t.match((await type('requests --status 503')).out, /\n503 .* endUsers\.delete .* _fail_503 /);
});

t.test('verify and count say whether as many came as expected, wait as soon as they have', async (t) => {
  const server = await listening(t);
  const type = typing(server.url);
  const [, second] = await deleteTwice(server);
  t.strictSame(await type('requests count --operation endUsers.delete'), printed('2\n'));
  t.strictSame(await type('requests count --operation endUsers.delete --json'), printed('{"count":2}\n'));
  const passed = (words: string) => printed(`passed: ${words}\n`);
  t.strictSame(await type('requests verify --method DELETE'), passed('2 requests fit, expected at least 1'));
  t.strictSame(await type('requests verify --status 200 --count 1'), passed('1 request fit, expected 1'));
  t.strictSame(
    await type('requests verify --at-least 1 --at-most 2'),
    passed('2 requests fit, expected at least 1, at most 2'),
  );
  t.strictSame(await type(`requests verify --count 2 --path ${ALICE.slice(13)} --status 200`), {
    code: 1,
    out: `failed: 1 request fit, expected 2

NEARLY            METHOD  URL                                             STATUS  BUT     EXPECTED  WAS
${second}  DELETE  ${ALICE}  404     status  200       404
`,
    err: '',
  });
  t.match(
    (await type('requests verify --operation endUsers.retrieve --status 200')).out,
    / operation +endUsers\.retrieve {2}endUsers\.delete\n$/,
  );
  t.match(await type('requests verify --header prefer=x --json'), { code: 1, out: /^{"passed":false,"count":0,/ });
  t.match(await type('requests verify --count 1 --at-most 2'), { code: 2, err: /takes --count or --at-least/ });
  t.match(await type('requests verify --operation endUsers.delte'), { code: 2, err: /did you mean endUsers\.delete/ });
  t.match(await type('requests wait --count 2'), passed('2 requests fit, expected at least 2 within 30 s'));
  t.match(await type('requests wait --count 3 --timeout 0'), { code: 1, out: /^failed: 2 requests fit, expected at/ });
  t.match(await type('requests wait --json'), { code: 0, out: /^{"passed":true,/ });
  t.strictSame(await type('requests clear'), printed(''));
  t.strictSame(await type('requests count'), printed('0\n'));
});

t.test('a wait that is longer than one call goes on', async (t) => {
  const asked: number[] = [];
  const server = createServer(async (request, response) => {
    asked.push(((await json(request)) as { timeoutMs: number }).timeoutMs);
    response.end(JSON.stringify({ passed: asked.length > 1, count: asked.length - 1, nearMisses: [] }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  t.strictSame(
    await typed(['requests', 'wait', '--timeout', '100', '--port', String(port)]),
    printed('passed: 1 request fit, expected at least 1 within 100 s\n'),
  );
  t.equal(asked[0], 60_000);
  t.equal(asked.length, 2);
});

t.test('they are followed as they come, by name and in one sandbox, until enough have', async (t) => {
  const server = await listening(t);
  const { url } = server;
  const flags = ['--method', 'delete', '--provider', 'conductor', '--operation', 'endUsers.delete', '--limit', '3'];
  let opened = () => {};
  const open = new Promise<void>((resolve) => (opened = resolve));
  const following = typed(['requests', '--follow', ...flags, '--url', url], { columns: 80, onErr: () => opened() });
  await open;
  await server.call('GET', ALICE, { headers: { authorization: 'Bearer sk_conductor_test' } });
  await deleteTwice(server, 'elsewhere');
  await deleteTwice(server);
  await server.call('DELETE', ALICE, { headers: { authorization: 'Bearer sk_conductor_test', prefer: 'code=503' } });
  const { code, out, err } = await following;
  t.strictSame([code, err], [0, `understudy: following ${url}, until Ctrl-C\n`]);
  const lines = out.split('\n');
  t.equal(lines.length, 4);
  t.match(lines[0], new RegExp(`^\\d\\d:\\d\\d:\\d\\d  200  DELETE  ${ALICE} {6}endU…$`), 'cut to the terminal');
  t.match(lines[1], / {2}404 {2}/);
});

t.test('following ends when nobody reads it any more, and says so when the server goes', async (t) => {
  const server = await listening(t);
  const args = ['requests', '--follow', '--json', '--url', server.url];
  const heard = new Promise((resolve) => {
    server.app.server.on('request', ({ url }) => {
      if (url === '/__admin/events') setImmediate(resolve);
    });
  });
  const reader = new AbortController();
  const reading = typed(args, { gone: reader.signal, onOut: () => reader.abort() });
  await heard;
  const fault = { authorization: 'Bearer sk_conductor_test', prefer: 'code=503' };
  await server.call('DELETE', ALICE, { headers: fault });
  const { code, out, err } = await reading;
  t.strictSame([code, err], [0, '']);
  t.match(JSON.parse(out), { sandbox: 'default', method: 'DELETE', url: ALICE, status: 503, fault: 'code=503' });

  t.match(await typed([...args, '--path', '/x']), {
    code: 2,
    err: 'understudy: --follow goes with --provider, --operation, --method, --status, not with --path.\n',
  });
  t.match(await typed([...args, '--operation', 'x']), { code: 2, err: /there is no operation "x"; did you mean/ });
  let opened = () => {};
  const open = new Promise<void>((resolve) => (opened = resolve));
  const left = typed(
    args.filter((arg) => arg !== '--json'),
    { columns: 80, onErr: () => opened() },
  );
  await open;
  await server.app.close();
  t.match(await left, { code: 2, err: /cannot be followed any longer \(the server ended the stream\)\.\n$/ });
});

t.test('what no operation answered is followed too; a stream that breaks off is no end', async (t) => {
  const server = await listening(t);
  let opened = () => {};
  const open = new Promise<void>((resolve) => (opened = resolve));
  const following = typed(['requests', '--follow', '--url', server.url], {
    columns: 120,
    onErr: () => opened(),
    onOut: () => server.app.server.closeAllConnections(),
  });
  await open;
  await server.call('GET', '/conductor/v1/nowhere');
  t.match(await following, {
    code: 2,
    out: / {2}404 {2}GET {5}\/conductor\/v1\/nowhere +no operation {2}.*\n$/,
    err: /cannot be followed any longer \(.+\)\.\n$/,
  });
});
