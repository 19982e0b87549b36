// `understudy requests`: listed, counted, verified, awaited, cleared, and followed as they arrive.
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

t.test('requests are listed newest first, by a pattern, with the nearest operation where none matches', async (t) => {
  const server = await listening(t);
  const { url, call } = server;
  const type = typing(url);
  const [first, second] = await deleteTwice(server);
  const { out, code, err } = await type('requests');
  t.strictSame([code, err], [0, '']);
  t.match(
    out.replace(/\d\d\d\d-\S+Z/g, 'TIME').replace(/ \d+\.\d /g, ' 1.0 '),
    new RegExp(
      `^STATUS  METHOD  URL +OPERATION +MS +FAULT +KEY +REQUEST +AT\n404 +DELETE  ${ALICE}  endUsers.delete  1.0 +${second}  TIME\n200 +DELETE  ${ALICE}  endUsers.delete  1.0 +${first}  TIME\n$`,
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

t.test('verify and count compare how many arrived with what is expected, wait until they have', async (t) => {
  const server = await listening(t);
  const type = typing(server.url);
  const [, second] = await deleteTwice(server);
  t.strictSame(await type('requests count --operation endUsers.delete'), printed('2\n'));
  t.strictSame(await type('requests count --operation endUsers.delete --json'), printed('{"count":2}\n'));
  const passed = (words: string) => printed(`passed: ${words}\n`);
  t.strictSame(await type('requests verify --method DELETE'), passed('2 requests matched, expected at least 1'));
  t.strictSame(await type('requests verify --status 200 --count 1'), passed('1 request matched, expected 1'));
  t.strictSame(
    await type('requests verify --at-least 1 --at-most 2'),
    passed('2 requests matched, expected at least 1, at most 2'),
  );
  t.strictSame(await type(`requests verify --count 2 --path ${ALICE.slice(13)} --status 200`), {
    code: 1,
    out: `failed: 1 request matched, expected 2

NEAR MISS         METHOD  URL                                             STATUS  DIFFERS  EXPECTED  ACTUAL
${second}  DELETE  ${ALICE}  404     status   200       404
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
  t.match(await type('requests wait --count 2'), passed('2 requests matched, expected at least 2 within 30 s'));
  t.match(await type('requests wait --count 3 --timeout 0'), {
    code: 1,
    out: /^failed: 2 requests matched, expected at/,
  });
  t.match(await type('requests wait --json'), { code: 0, out: /^{"passed":true,/ });
  t.strictSame(await type('requests clear'), printed(''));
  t.strictSame(await type('requests count'), printed('0\n'));
});

t.test('a class of statuses selects, counts, verifies and follows requests', async (t) => {
  const server = await listening(t);
  const type = typing(server.url);
  await deleteTwice(server);
  t.strictSame(await type('requests count --status 2xx'), printed('1\n'));
  t.strictSame(await type('requests count --status 4xx'), printed('1\n'));
  t.strictSame(await type('requests count --status 5xx'), printed('0\n'));
  t.match((await type('requests ls --status 4xx')).out, /^STATUS .*\n404 .*\n$/);
  t.strictSame(
    await type('requests verify --status 2xx --count 1'),
    printed('passed: 1 request matched, expected 1\n'),
  );
  t.match(await type('requests verify --status 5xx --operation endUsers.delete'), {
    code: 1,
    out: / 404 +status +5xx +404\n.* 200 +status +5xx +200\n$/,
  });
  t.match(await type('requests wait --status 2xx'), { code: 0, out: /^passed: 1 request matched/ });
  for (const wrong of ['6xx', '2x', '20x', 'ok', '99', '600'])
    t.strictSame(await type(`requests count --status ${wrong}`), {
      code: 2,
      out: '',
      err: `understudy: --status takes a status from 100 to 599, or a class, as in 2xx, not "${wrong}".\n`,
    });
  let opened = () => {};
  const open = new Promise<void>((resolve) => (opened = resolve));
  const following = typed(['requests', '--follow', '--status', '4xx', '--limit', '1', '--url', server.url], {
    columns: 120,
    onErr: () => opened(),
  });
  await open;
  await server.call('GET', '/conductor/v1/end-users', { headers: { authorization: 'Bearer sk_conductor_test' } });
  await deleteTwice(server);
  t.match(await following, { code: 0, out: /^\S+ {2}404 {2}DELETE .*\n$/ });
});

t.test('a wait that is longer than one call allows continues with another', async (t) => {
  const asked: number[] = [];
  const server = createServer(async (request, response) => {
    asked.push(((await json(request)) as { timeoutMs: number }).timeoutMs);
    response.end(JSON.stringify({ passed: asked.length > 1, count: asked.length - 1, nearMisses: [], extra: [] }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  t.strictSame(
    await typed(['requests', 'wait', '--timeout', '100', '--port', String(port)]),
    printed('passed: 1 request matched, expected at least 1 within 100 s\n'),
  );
  t.equal(asked[0], 60_000);
  t.equal(asked.length, 2);
});

t.test('requests are followed as they arrive, by name and in one sandbox, until --limit', async (t) => {
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

t.test('a followed request is shown while its response is pending, and again when it is complete', async (t) => {
  const server = await listening(t);
  const follow = (...flags: string[]) => {
    let opened = () => {};
    const open = new Promise<void>((resolve) => (opened = resolve));
    const args = ['requests', '--follow', '--limit', '1', ...flags, '--url', server.url];
    return { open, following: typed(args, { columns: 120, onErr: () => opened() }) };
  };
  const [table, byStatus] = [follow(), follow('--status', '404')];
  await Promise.all([table.open, byStatus.open]);
  const headers = { authorization: 'Bearer sk_conductor_test', prefer: 'delay=50' };
  await server.call('DELETE', ALICE, { headers });
  const { code, out } = await table.following;
  const [pending, complete, ...more] = out.split('\n');
  t.strictSame([code, more], [0, ['']]);
  t.match(pending, new RegExp(`^\\S+  \\.\\.\\.  DELETE  ${ALICE} +endUsers.delete  delay=50$`));
  t.match(complete, new RegExp(`^\\S+  200  DELETE  ${ALICE} +endUsers.delete  \\d+\\.\\d ms  delay=50$`));
  await server.call('DELETE', ALICE, { headers });
  t.equal((await byStatus.following).out.split('\n').length, 2, 'a pending response has no status to match');
});

t.test('following ends when its reader closes the pipe, and fails when the server stops', async (t) => {
  const server = await listening(t);
  const args = ['requests', '--follow', '--json', '--url', server.url];
  const heard = () =>
    new Promise((resolve) => {
      server.app.server.on('request', ({ url }) => {
        if (url === '/__admin/events') setImmediate(resolve);
      });
    });
  const following = heard();
  const reader = new AbortController();
  const reading = typed(args, { gone: reader.signal, onOut: () => reader.abort() });
  await following;
  const fault = { authorization: 'Bearer sk_conductor_test', prefer: 'code=503' };
  await server.call('DELETE', ALICE, { headers: fault });
  const { code, out, err } = await reading;
  t.strictSame([code, err], [0, '']);
  t.match(JSON.parse(out), { sandbox: 'default', method: 'DELETE', url: ALICE, status: 503, fault: 'code=503' });
  const followingAgain = heard();
  const both = typed([...args, '--limit', '1']);
  await followingAgain;
  await server.call('DELETE', ALICE, { headers: { ...fault, prefer: 'code=503, delay=20' } });
  const [first, last] = (await both).out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(first, { id: last.id, url: ALICE, pending: true });
  t.strictSame([first.status, last.status, last.pending], [undefined, 503, undefined]);

  t.match(await typed([...args, '--path', '/x']), {
    code: 2,
    err: 'understudy: --follow takes --provider, --operation, --method, --status, not --path.\n',
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
  t.match(await left, { code: 2, err: /The event stream of http:\S+ broke off \(the server ended the stream\)\.\n$/ });
});

t.test('requests to no operation are followed too; a stream that breaks off is an error', async (t) => {
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
    err: /The event stream of http:\S+ broke off \(.+\)\.\n$/,
  });
});

t.test('lost and pending responses, dry runs and extra requests are shown as such', async (t) => {
  const server = await listening(t);
  const type = typing(server.url);
  const send = (method: string, prefer: string, signal?: AbortSignal) =>
    fetch(server.url + ALICE, {
      method,
      headers: { authorization: 'Bearer sk_conductor_test', prefer },
      ...(signal === undefined ? {} : { signal }),
    });
  await (await send('DELETE', 'dry-run')).text();
  await t.rejects(send('DELETE', 'fault=reset, phase=after-commit'));
  const stop = new AbortController();
  const held = send('GET', 'fault=hang', stop.signal);
  const shown = async () => (await type('requests')).out;
  for (let tries = 0; tries < 3000 && !/pending/.test(await shown()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  t.match(await shown(), /\npending +GET /);
  t.match(await shown(), /\n200 \(lost\) +DELETE /);
  t.match((await type('requests verify --method GET --count 0')).out, /\nEXTRA .*\n\S+ +GET +\S+ +pending\n$/);
  stop.abort();
  await t.rejects(held);
  t.strictSame(await type('requests count --operation endUsers.delete'), printed('1\n'), 'a dry run is no deletion');
  t.strictSame(await type('requests count --operation endUsers.delete --dry-run'), printed('1\n'));
  const verified = await type('requests verify --operation endUsers.delete --count 0');
  t.match(verified, {
    code: 1,
    out: /^failed: 1 request matched, expected 0\n\nEXTRA +METHOD +URL +STATUS\n\S+ +DELETE +\S+ +200\n$/,
  });
});
