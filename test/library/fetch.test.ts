// The library's fetch is a standard one that reaches its server only.
import t from 'tap';
import { keyed, open, WAYS } from './open.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

for (const { way, port } of WAYS) {
  t.test(`${way}: it takes texts, URLs and requests, whole or without a host`, async (t) => {
    const { fetch, sandbox, url } = await open(t, { port });
    const { conductor } = await sandbox();
    const headers = keyed(conductor.secretKey);
    const list = `${conductor.baseUrl}/end-users`;
    const inputs = [list, new URL(list), new Request(list), '/conductor/v1/end-users', 'conductor/v1/end-users#top'];
    for (const input of inputs) {
      const answer = await fetch(input, { headers });
      t.ok(answer instanceof Response);
      t.strictSame([answer.status, answer.ok, answer.url, answer.redirected], [200, true, list, false]);
      t.match(answer.headers.get('content-type'), /^application\/json/);
      t.match(await answer.json(), { objectType: 'list' });
    }
    const asked = new Request(`${url ?? 'http://understudy.test'}/conductor/v1/end-users?x=1`, { headers });
    t.equal((await fetch(asked)).url, asked.url);
    await t.rejects(fetch('http://'), { name: 'TypeError' });
  });

  t.test(`${way}: clones of a response have its URL too, and a body of their own`, async (t) => {
    const { fetch, sandbox, url } = await open(t, { port });
    const { conductor } = await sandbox();
    const list = `${conductor.baseUrl}/end-users`;
    const response = await fetch(list, { headers: keyed(conductor.secretKey) });
    const clone = response.clone();
    const again = clone.clone();
    const seen = [];
    for (const one of [response, clone, again]) {
      t.ok(one instanceof Response);
      seen.push([one.url, one.redirected, one.status, await one.text()]);
    }
    t.match(seen[0], [list, false, 200, /"objectType":"list"/]);
    t.strictSame(seen, [seen[0], seen[0], seen[0]]);
    const home = await fetch('/');
    const origin = url ?? 'http://understudy.test';
    t.match(home.clone(), { url: `${origin}/__admin/ui`, redirected: true });
  });

  t.test(`${way}: bodies go out as they are, whatever they are made of`, async (t) => {
    const { fetch, sandbox } = await open(t, { port });
    const one = await sandbox();
    const headers = { ...keyed(one.conductor.secretKey), ...JSON_TYPE };
    const bodies = ['a', 'b', 'c'].map((sourceId) => JSON.stringify({ sourceId, companyName: 'é', email: 'e' }));
    const [text = '', bytes = '', stream = ''] = bodies;
    const post = (init: RequestInit) =>
      fetch(`${one.conductor.baseUrl}/end-users`, { method: 'POST', headers, ...init });
    const made = [
      await post({ body: text }),
      await post({ body: new TextEncoder().encode(bytes) }),
      await post({ body: new Blob([stream]).stream(), duplex: 'half' } as RequestInit),
    ];
    t.strictSame(
      await Promise.all(made.map(async (answer) => ((await answer.json()) as { sourceId: string }).sourceId)),
      ['a', 'b', 'c'],
    );
    const entries = (await one.requests()).reverse();
    t.strictSame(
      entries.map(({ request }) => request.body),
      bodies.map((body) => JSON.parse(body)),
    );
    t.equal((await post({})).status, 400, 'a body that is missing is missed');
    t.match(await one.requests(), [{ request: { headers: { 'content-length': '0' }, body: '' } }, {}, {}, {}]);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('no more')) });
    await t.rejects(post({ body: broken, duplex: 'half' } as RequestInit), {
      name: 'TypeError',
      message: 'fetch failed',
      cause: { message: 'no more' },
    });
    t.equal((await one.requests()).length, 4, 'nothing arrives of a body that breaks off');
  });

  t.test(`${way}: what a provider's own host is asked, the sandbox answers; other hosts are refused`, async (t) => {
    const { fetch, sandbox, url } = await open(t, { port });
    const { name, conductor, pagecall, proficient } = await sandbox();
    for (const [place, key] of [
      ['https://api.conductor.is/v1/end-users', conductor.secretKey],
      ['https://api.pagecall.com/v1/users', pagecall.apiKey],
      ['https://api.proficientai.com/users/u_Alice0000000000000000042', proficient.secretKey],
    ] as const) {
      const answer = await fetch(place, { headers: keyed(key) });
      t.strictSame([answer.status, answer.headers.get('x-understudy-sandbox')], [200, name], place);
      t.equal(answer.url, place);
    }
    for (const place of ['https://example.com/v1/users', 'https://api.conductor.is.example.com/v1/end-users']) {
      const sentence = new RegExp(
        `^This fetch reaches ${url ?? 'http://understudy.test'} .*, not ${new URL(place).origin}\\.$`,
      );
      await t.rejects(fetch(place), { name: 'TypeError', message: sentence });
    }
  });

  t.test(`${way}: redirects are followed, shown or refused as the caller says`, async (t) => {
    const { fetch, sandbox, url } = await open(t, { port });
    const { conductor } = await sandbox();
    const origin = url ?? 'http://understudy.test';
    const ui = await fetch('/');
    t.strictSame([ui.status, ui.redirected, ui.url], [200, true, `${origin}/__admin/ui`]);
    t.match(await ui.text(), /<html/);
    const shown = await fetch('/', { redirect: 'manual' });
    t.strictSame([shown.status, shown.headers.get('location')], [302, '/__admin/ui']);
    await t.rejects(fetch('/', { redirect: 'error' }), {
      name: 'TypeError',
      cause: { message: 'unexpected redirect' },
    });

    const link = async (redirectUrl: string) => {
      const session = { endUserId: 'end_usr_alice000000042', publishableKey: conductor.publishableKey, redirectUrl };
      const answer = await fetch(`${conductor.baseUrl}/auth-sessions`, {
        method: 'POST',
        headers: { ...keyed(conductor.secretKey), ...JSON_TYPE },
        body: JSON.stringify(session),
      });
      return ((await answer.json()) as { authFlowUrl: string }).authFlowUrl;
    };
    const press = async (redirectUrl: string) =>
      fetch(await link(redirectUrl), { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
    const done = await press(`${origin}/__admin/health`);
    t.strictSame([done.status, done.redirected, done.url], [200, true, `${origin}/__admin/health`], 'with a GET');
    await t.rejects(press('https://app.example/done'), { message: /, not https:\/\/app\.example\.$/ });
  });

  t.test(`${way}: a signal ends it before, during and after the answer has begun`, async (t) => {
    const { fetch, sandbox } = await open(t, { port });
    const one = await sandbox();
    const path = `${one.conductor.baseUrl}/end-users/end_usr_alice000000042`;
    const headers = keyed(one.conductor.secretKey);
    await t.rejects(fetch(path, { method: 'DELETE', headers, signal: AbortSignal.abort() }), { name: 'AbortError' });
    t.strictSame(await one.requests(), [], 'nothing was sent');

    const leaving = new AbortController();
    const slow = { method: 'DELETE', headers: { ...headers, prefer: 'delay=60000' }, signal: leaving.signal };
    const left = Promise.all([
      t.rejects(fetch(path, slow), { message: 'enough' }),
      t.rejects(fetch(new Request(path, slow)), { message: 'enough' }),
    ]);
    // Whoever comes later is answered later: both have begun to wait.
    await fetch('/__admin/health');
    await fetch('/__admin/health');
    leaving.abort(new Error('enough'));
    await left;
    t.match(await one.waitForRequests({ status: 499 }, { count: 2 }), { passed: true });
    t.equal((await fetch(path, { headers })).status, 200, 'a client that left has changed nothing');

    const reading = new AbortController();
    const { body } = await fetch('/__admin/events', { signal: reading.signal });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    t.match(new TextDecoder().decode((await reader.read()).value), ': understudy');
    const rest = reader.read();
    reading.abort(new Error('enough'));
    await t.rejects(rest, { message: 'enough' });

    const stuck = new AbortController();
    const endless = new ReadableStream({ pull: () => new Promise(() => {}) });
    const sending = fetch(path, {
      method: 'POST',
      headers,
      body: endless,
      duplex: 'half',
      signal: stuck.signal,
    } as RequestInit);
    stuck.abort(new Error('enough'));
    await t.rejects(sending, { message: 'enough' });
  });

  t.test(`${way}: a stream can be left in the middle`, async (t) => {
    const understudy = await open(t, { port });
    const { fetch } = understudy;
    const { body } = await fetch('/__admin/events');
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    await understudy.close();
    t.pass('nobody waits for its reader');
  });
}

t.test('both transports give the same responses', async (t) => {
  const [socket, process] = await Promise.all(WAYS.map(({ port }) => open(t, { port, settings: { seed: 's' } })));
  const calls: [string, string, RequestInit?][] = [
    ['GET', '/pagecall/v1/users'],
    ['POST', '/pagecall/v1/users', { body: '{"user_id":"new"}', headers: JSON_TYPE }],
    ['POST', '/pagecall/v1/users', { headers: JSON_TYPE }],
    ['PUT', '/pagecall/v1/users/new', { body: '{', headers: JSON_TYPE }],
    ['DELETE', '/pagecall/v1/users/user-42', { headers: { ...JSON_TYPE, prefer: 'code=503' } }],
    ['DELETE', '/pagecall/v1/users/user-42'],
    ['GET', '/pagecall/v1/users/%C3%A9?a=1&a=2'],
    ['GET', '/nowhere'],
    ['DELETE', '/__admin/requests'],
  ];
  for (const [method, path, init = {}] of calls) {
    const [one, other] = await Promise.all(
      [socket, process].map(async (understudy) => {
        const headers = { ...keyed('k'), ...init.headers };
        const answer = await understudy?.fetch(path, { ...init, method, headers });
        const fields = [...(answer?.headers ?? [])].filter(
          ([name]) => !/^(date|connection|keep-alive|x-understudy-request|transfer-encoding)$/.test(name),
        );
        const body = (await answer?.text())?.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<now>');
        return { status: answer?.status, text: answer?.statusText, fields, body };
      }),
    );
    t.strictSame(other, one, `${method} ${path}`);
  }
});
