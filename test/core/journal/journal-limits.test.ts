// Limits of the journal: secrets are redacted, bodies and entries limited, sandboxes separate.
import t from 'tap';
import { recordExchange } from '../../../src/core/http/record-exchange.ts';
import { Events } from '../../../src/core/journal/events.ts';
import { Journal } from '../../../src/core/journal/journal.ts';
import { pagecall } from '../../../src/providers/pagecall/index.ts';
import { testServer } from '../../harness.ts';
import { idOf, key } from './journal-caller.ts';

t.test('a request with an invalid sandbox is in no journal', async (t) => {
  const { call } = await testServer(t);
  for (const url of ['/elsewhere', '/pagecall/v1/users']) {
    await call('GET', url, { headers: { ...key, 'x-understudy-sandbox': 'no such name' } });
  }
  t.strictSame((await call('GET', '/__admin/requests')).body, { requests: [], meta: { total: 0 } });
});

t.test('secrets are redacted wherever they were sent', async (t) => {
  const { call } = await testServer(t);
  const SECRET = 'hush-hush-1234';
  const headers = {
    authorization: `Bearer ${SECRET}`,
    'X-Proficient-Api-Key': SECRET,
    'x-proficient-user-hmac': SECRET,
    cookie: `a=${SECRET}`,
    referer: `http://localhost/conductor/connect/qbd/x?key=${SECRET}`,
  };
  const urls = [
    '/proficient/users',
    '/pagecall/v1/users',
    '/conductor/v1/end-users',
    '/nowhere',
    '/pagecall/v1/nowhere',
    '/conductor/connect/qbd/x',
  ];
  for (const url of urls) {
    for (const query of ['', `?key=${SECRET}`, `?a&k%65y=${SECRET}&b=2&key=&Key=${SECRET}`]) {
      await call('GET', url + query, { headers });
    }
  }
  const verified = await call('POST', '/__admin/requests/verify', {
    json: { pattern: { header: { Authorization: 'Bearer other' } } },
  });
  t.match(verified.body.nearMisses[0], {
    member: 'header.authorization',
    expected: '[redacted]',
    actual: '[redacted]',
  });
  const { body } = await call('GET', '/__admin/requests');
  t.equal(body.requests.length, urls.length * 3);
  for (const text of [JSON.stringify(body), JSON.stringify(verified.body)]) t.notOk(text.includes(SECRET));
  t.match(body.requests[0].request, {
    url: '/conductor/connect/qbd/x?a&k%65y=[redacted]&b=2&key=&Key=[redacted]',
    headers: { referer: 'http://localhost/conductor/connect/qbd/x?key=[redacted]' },
  });
});

t.test('bodies are truncated at 16 KiB, between characters', async (t) => {
  const { call } = await testServer(t);
  const send = async (json: object) => {
    const answer = await call('POST', '/pagecall/v1/users', { headers: key, json });
    t.equal(answer.status, 200);
    return (await call('GET', `/__admin/requests/${idOf(answer)}`)).body;
  };
  const long = await send({ user_id: 'a', metadata: { text: 'é'.repeat(10_000) } });
  for (const side of ['request', 'response']) {
    t.equal(long[side].bodyTruncated, true);
    t.type(long[side].body, 'string');
    t.ok(Buffer.byteLength(long[side].body) <= 16 * 1024);
    t.match(long[side].body, /é$/);
  }
  const fits = await send({ user_id: 'b', metadata: { text: 'x'.repeat(9000) } });
  for (const side of ['request', 'response']) t.notOk('bodyTruncated' in fits[side]);
  t.equal(fits.request.body.metadata.text.length, 9000);
  const deep = `[${'['.repeat(600)}${']'.repeat(600)}]`;
  const answer = await call('POST', '/pagecall/v1/users', {
    headers: { ...key, 'content-type': 'application/json' },
    raw: deep,
  });
  t.equal(
    (await call('GET', `/__admin/requests/${idOf(answer)}`)).body.request.body,
    deep,
    'too deeply nested to be shown as JSON',
  );
});

t.test('only the last requests are kept', async (t) => {
  const { call } = await testServer(t, { journalSize: 3 });
  const ids = [];
  for (let n = 0; n < 8; n++) {
    ids.push(idOf(await call('GET', `/pagecall/v1/users/${n}`, { headers: key })));
    const { body } = await call('GET', '/__admin/requests');
    t.strictSame(
      body.requests.map((one: any) => one.id),
      ids.slice(-3).reverse(),
    );
  }
  t.equal((await call('GET', `/__admin/requests/${ids[0]}`)).status, 404);
});

t.test('a recorded body retains only the memory of its own bytes', async (t) => {
  const journal = new Journal(10);
  const sandbox = { name: 's', clock: { now: () => 0 }, journal, hold: () => () => {} };
  const reply = { statusCode: 200, getHeaders: () => ({}) };
  const request = { method: 'GET', url: '/', params: {}, headers: {}, turn: { onEnd: () => {} } };
  const outcome = { notes: null, dryRun: false, deletes: false, done: false, pending: null };
  const visit = {
    sandbox,
    requestId: 'r',
    provider: pagecall,
    operation: null,
    matched: true,
    at: 0,
    started: 0,
    ...outcome,
  };
  const keep = (body: Buffer, payload: string) => {
    recordExchange({ ...visit, body }, new Events(), request as never, reply as never, payload);
    const [entry] = journal.newestFirst();
    return [entry?.body?.content, entry?.responseBody?.content] as [Buffer, Buffer | string];
  };
  const large = Buffer.alloc(1024 * 1024, 'x');
  for (const content of keep(large, large.toString())) {
    t.strictSame(content, large.subarray(0, 16 * 1024));
    t.equal((content as Buffer).buffer.byteLength, 16 * 1024, 'the bytes are copied');
  }
  // Node allocates small buffers in a shared pool.
  const pooled = Buffer.from('{"user_id":"a"}');
  t.not(pooled.buffer.byteLength, pooled.length);
  const [content] = keep(pooled, '{}');
  t.strictSame(content, pooled);
  t.equal(content.buffer.byteLength, pooled.length, 'the bytes are copied');
});

t.test('journals of sandboxes are separate, and control requests are not recorded', async (t) => {
  const { call } = await testServer(t);
  for (const name of ['a', 'b', 'a']) {
    await call('GET', `/pagecall/v1/users/${name}`, { headers: { authorization: `Bearer sbx_${name}` } });
  }
  const urls = async (name: string) =>
    (await call('GET', `/__admin/requests?sandbox=${name}`)).body.requests.map((one: any) => one.request.url);
  t.strictSame(await urls('a'), ['/pagecall/v1/users/a', '/pagecall/v1/users/a']);
  t.strictSame(await urls('b'), ['/pagecall/v1/users/b']);
  t.strictSame(await urls('default'), []);
  await call('DELETE', '/__admin/requests?sandbox=a');
  t.strictSame(await urls('a'), []);
  t.strictSame(await urls('b'), ['/pagecall/v1/users/b']);
});
