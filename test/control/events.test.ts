// The event stream (server-sent events) and the metrics.
import { once } from 'node:events';
import { connect } from 'node:net';
import { mock } from 'node:test';
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import type { Control } from '../../src/control/context.ts';
import { addEvents } from '../../src/control/events.ts';
import { Events } from '../../src/core/journal/events.ts';
import { listening, testServer } from '../harness.ts';

const key = { authorization: 'Bearer k' };

/** Reads a stream until it contains `enough`. */
async function read(url: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  return {
    response,
    stop: () => stop.abort(),
    async until(enough: RegExp): Promise<string> {
      while (!enough.test(text)) {
        const { done, value } = await reader.read();
        if (done) return `${text}(end)`;
        text += decoder.decode(value, { stream: true });
      }
      return text;
    },
  };
}

t.test('the stream reports requests of all sandboxes or of one', async (t) => {
  const { url, call } = await listening(t);
  const all = await read(`${url}/__admin/events`);
  t.match(all.response.headers.get('content-type'), 'text/event-stream');
  const one = await read(`${url}/__admin/events?sandbox=one`);
  const named = await read(`${url}/__admin/events`, { 'x-understudy-sandbox': 'one' });
  await call('GET', '/pagecall/v1/users/user-17', { headers: key });
  await call('GET', '/pagecall/v1/users/user-42', { headers: { ...key, 'x-understudy-sandbox': 'one' } });
  const text = await all.until(/user-42.*\n\n/s);
  const [first] = text.split('\n\n').filter((part) => part.startsWith('event: request\n'));
  t.match(JSON.parse(/^data: (.*)$/m.exec(first as string)?.[1] as string), { sandbox: 'default', at: /Z$/ });
  for (const stream of [one, named]) {
    const text = await stream.until(/user-42.*\n\n/s);
    t.notMatch(text, 'user-17');
  }
  for (const stream of [all, one, named]) stream.stop();
});

t.test('the stream reports deletions and injected faults with their request', async (t) => {
  const { url, call } = await listening(t);
  const stream = await read(`${url}/__admin/events`);
  const gone = await call('DELETE', '/pagecall/v1/users/user-42', { headers: key });
  await call('GET', '/pagecall/v1/users', { headers: { ...key, prefer: 'code=503' } });
  const text = await stream.until(/event: fault\n.*\n\n/s);
  const told = (type: string) => JSON.parse(new RegExp(`event: ${type}\\ndata: (.*)`).exec(text)?.[1] as string);
  t.match(told('deletion'), {
    sandbox: 'default',
    requestId: gone.headers['x-understudy-request'],
    provider: 'pagecall',
    operation: 'DeleteUser',
  });
  t.match(told('fault'), { provider: 'pagecall', operation: 'ListUsers', fault: 'code=503' });
  stream.stop();
});

t.test('the stream reports who comes to a barrier, and what becomes of the pair', async (t) => {
  const { url, call } = await listening(t);
  const stream = await read(`${url}/__admin/events`);
  const plan = async (barrier: object) => (await call('POST', '/__admin/barriers', { json: barrier })).body.id;
  const ask = async (path: string) =>
    (await fetch(`${url}/pagecall/v1${path}`, { headers: key })).headers.get('x-understudy-request');
  const told = (text: string, barrier: string) =>
    [...text.matchAll(/event: barrier\ndata: (.*)/g)]
      .map(([, data]) => JSON.parse(String(data)))
      .filter((one) => one.barrier === barrier);
  const of = { sandbox: 'default', at: /Z$/ };
  const met = await plan({ first: { operation: 'GetUser' }, second: { operation: 'ListUsers' } });
  const early = ask('/users/user-42');
  await stream.until(/"state":"waiting"/);
  const [first, second] = await Promise.all([early, ask('/users')]);
  t.match(told(await stream.until(/"state":"met".*\n\n/), met), [
    { ...of, state: 'waiting', first, second: null },
    { ...of, state: 'met', first, second },
  ]);
  const alone = await plan({ first: { operation: 'GetUser' }, timeoutMs: 20 });
  const only = await ask('/users/user-42');
  t.match(told(await stream.until(/"state":"timed-out".*\n\n/), alone), [
    { ...of, state: 'waiting', first: only, second: null },
    { ...of, state: 'timed-out', first: only, second: null },
  ]);
  const ordered = await plan({ mode: 'order', first: { operation: 'GetUser' }, second: { operation: 'ListUsers' } });
  await ask('/users/user-42');
  await ask('/users');
  const text = await stream.until(new RegExp(`"barrier":"${ordered}","state":"met".*\n\n`));
  t.strictSame(
    told(text, ordered).map(({ state }) => state),
    ['waiting', 'met'],
  );
  stream.stop();
});

t.test('a stream ends when the server closes', async (t) => {
  const { url, app } = await listening(t);
  const stream = await read(`${url}/__admin/events`);
  await stream.until(/understudy/);
  await app.close();
  t.match(await stream.until(/never/), /\(end\)$/);
});

/** The events route on a server of its own, with events emitted by the test. */
async function stream(t: Test) {
  const app = Fastify();
  const events = new Events();
  app.setValidatorCompiler(() => () => true).setSerializerCompiler(() => JSON.stringify);
  addEvents(app, { sandboxes: { events, memory: { eventBacklog: 2 ** 20 } } } as unknown as Control);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close());
  return { url, events };
}

t.test('a heartbeat comment keeps the connection open', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.teardown(() => mock.timers.reset());
  const { url } = await stream(t);
  const reading = await read(`${url}/events`);
  mock.timers.tick(15_000);
  t.match(await reading.until(/still here/), ': still here\n\n');
  reading.stop();
});

t.test('a client that does not read is disconnected', async (t) => {
  const { url, events } = await stream(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  t.teardown(() => socket.destroy());
  socket.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n');
  while (!events.listening) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.pause();
  const data = { text: 'x'.repeat(2 ** 20) };
  for (let count = 0; count < 30 && events.listening; count++) {
    events.emit({ type: 'request', sandbox: 'default', at: '2030-01-01T00:00:00.000Z', data });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  t.notOk(events.listening, 'its listener is removed');
});

t.test('streams beyond the memory for what is not read are refused, until another ends', async (t) => {
  const { url } = await listening(t, { memory: { events: 2 * 64 * 1024 } });
  const open = async () => await read(`${url}/__admin/events`);
  const [first, second] = await Promise.all([open(), open()]);
  t.teardown(() => second.stop());
  const refused = await fetch(`${url}/__admin/events`);
  t.equal(refused.status, 503);
  t.strictSame(await refused.json(), {
    type: 'urn:understudy:too-many-event-streams',
    title: 'Too many event streams',
    status: 503,
    detail:
      'There are 2 open event streams, as many as there may be; close one, or raise the heap limit (--max-old-space-size).',
  });
  first.stop();
  const ask = async () => {
    const stop = new AbortController();
    const { status } = await fetch(`${url}/__admin/events`, { signal: stop.signal });
    stop.abort();
    return status;
  };
  let status = await ask();
  for (let n = 0; n < 6000 && status !== 200; n++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    status = await ask();
  }
  t.equal(status, 200);
});

t.test('pipelined streams all end with their connection', async (t) => {
  const { url, events } = await stream(t);
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(3));
  await once(socket, 'data');
  t.ok(events.listening);
  socket.destroy();
  for (let count = 0; count < 6000 && events.listening; count++) await new Promise((resolve) => setTimeout(resolve, 5));
  t.notOk(events.listening);
});

t.test('an invalid sandbox name is rejected', async (t) => {
  const { call } = await testServer(t);
  t.equal((await call('GET', '/__admin/events?sandbox=a_b')).status, 400);
  t.equal((await call('GET', '/__admin/events', { headers: { 'x-understudy-sandbox': 'ä' } })).status, 400);
});

t.test('metrics count the providers’ responses', async (t) => {
  const { call } = await testServer(t);
  await call('GET', '/pagecall/v1/users', { headers: key });
  await call('GET', '/pagecall/v1/users/user-42', { headers: { ...key, 'x-understudy-sandbox': 'two' } });
  await call('GET', '/conductor/v1/end-users');
  await call('GET', '/proficient/nowhere');
  await call('GET', '/elsewhere');
  const { status, headers, body } = await call('GET', '/__admin/metrics');
  t.equal(status, 200);
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  for (const line of [
    'understudy_requests_total{provider="pagecall",status="2xx"} 2',
    'understudy_requests_total{provider="conductor",status="4xx"} 1',
    'understudy_requests_total{provider="proficient",status="4xx"} 1',
    'understudy_requests_total{provider="proficient",status="5xx"} 0',
    'understudy_sandboxes 2',
  ])
    t.match(body, `\n${line}\n`);
  for (const line of body.trimEnd().split('\n'))
    t.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+)$/);
});
