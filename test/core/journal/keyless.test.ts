// Calls that carried no key are marked: they may be served all the same, and a forgotten variable goes unnoticed.
import t from 'tap';
import { PROVIDERS, WITHOUT_KEY } from '../../../src/providers/index.ts';
import { listening, testServer } from '../../harness.ts';
import { idOf } from './journal-caller.ts';

t.test('a call without a key is marked whether it was served or not, and no other is', async (t) => {
  const { call } = await testServer(t);
  const asked: [url: string, headers: Record<string, string>, status: number, keyless: true | undefined][] = [
    ['/proficient/users', {}, 200, true],
    ['/proficient/agents', { 'x-proficient-user-external-id': 'user-42' }, 200, true],
    ['/proficient/users', { authorization: 'Bearer sk_test' }, 200, undefined],
    [
      '/proficient/agents',
      { 'x-proficient-api-key': 'pk_a', 'x-proficient-user-external-id': 'user-42' },
      200,
      undefined,
    ],
    ['/proficient/users', { authorization: 'Basic c2s6' }, 401, undefined],
    ['/pagecall/v1/users', {}, 400, true],
    ['/pagecall/v1/users', { authorization: 'Bearer k' }, 200, undefined],
    ['/conductor/v1/end-users', {}, 401, true],
    ['/conductor/v1/end-users', { authorization: 'Bearer sk_a' }, 200, undefined],
    ['/conductor/v1/nowhere', {}, 404, undefined],
  ];
  for (const [url, headers, status, keyless] of asked) {
    const answer = await call('GET', url, { headers });
    const { body: entry } = await call('GET', `/__admin/requests/${idOf(answer)}`);
    t.strictSame([answer.status, entry.keyless], [status, keyless], `${url} ${JSON.stringify(headers)}`);
  }
});

t.test('the event of a request is marked too', async (t) => {
  const { url, call } = await listening(t);
  const leave = new AbortController();
  const { body } = await fetch(`${url}/__admin/events`, { signal: leave.signal });
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  await call('GET', '/proficient/users');
  let text = '';
  while (!text.includes('event: request')) text += (await reader.read()).value;
  t.match(text, /"url":"\/proficient\/users".*"keyless":true/);
  leave.abort();
});

t.test('what each provider does with a call without a key is what its document, and the start, say', async (t) => {
  t.equal(
    WITHOUT_KEY,
    'A call without a key is served as admin at Proficient AI, refused with 400 at Pagecall, refused with 401 at Conductor.',
  );
  const { call } = await testServer(t);
  for (const { name, mount, base, auth } of PROVIDERS) {
    const { status } = await call('GET', `${mount}${base}/${name === 'conductor' ? 'end-users' : 'users'}`);
    t.equal(auth.withoutKey, status === 200 ? 'served as admin' : `refused with ${status}`, name);
    const { info } = (await call('GET', `/__admin/openapi/${name}.json`)).body;
    t.match(info.description, `a call without one is ${auth.withoutKey}.`);
  }
});
