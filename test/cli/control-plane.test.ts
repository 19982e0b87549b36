// The control plane client: one call and its response, or one sentence.
import t from 'tap';
import { ControlPlane, ControlPlaneError } from '../../src/library/control-plane.ts';

/** A client whose every call is answered so. */
function answering(answer: () => Promise<Response>, token: string | null = null) {
  const asked: [string, RequestInit][] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    asked.push([url, init]);
    return answer();
  }) as typeof globalThis.fetch;
  return { asked, plane: new ControlPlane({ origin: 'http://a.example:1/', token, fetch }) };
}

t.test('a call sends its sandbox, token and body, and resolves to the JSON of the response', async (t) => {
  const { asked, plane } = answering(async () => Response.json({ a: 1 }), 'secret');
  t.same(await plane.call('POST', '/reset', { sandbox: 's', body: { to: 'empty' } }), { a: 1 });
  t.same(await plane.call('GET', '/state'), { a: 1 });
  t.strictSame(asked, [
    [
      'http://a.example:1/__admin/reset',
      {
        method: 'POST',
        headers: { authorization: 'Bearer secret', 'x-understudy-sandbox': 's', 'content-type': 'application/json' },
        body: '{"to":"empty"}',
      },
    ],
    ['http://a.example:1/__admin/state', { method: 'GET', headers: { authorization: 'Bearer secret' } }],
  ]);
  const { plane: silent } = answering(async () => new Response(null, { status: 204 }));
  t.equal(await silent.call('DELETE', '/faults'), undefined);
});

t.test('every failure is one sentence that names the server', async (t) => {
  const failing = (error: unknown) => async () => {
    throw error;
  };
  const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  const cut = new ReadableStream({ start: (controller) => controller.error(new Error('cut off')) });
  const cases: [() => Promise<Response>, number | null, string][] = [
    [failing(new Error('too late')), null, 'cannot be reached (too late); start it, or name it with --url.'],
    [
      failing(new Error('fetch failed', { cause: refused })),
      null,
      'cannot be reached (ECONNREFUSED); start it, or name it with --url.',
    ],
    [async () => new Response(cut), null, 'cannot be reached (cut off); start it, or name it with --url.'],
    [async () => new Response('<html>'), 200, 'answered 200: it does not seem to be Understudy.'],
    [async () => new Response('', { status: 502 }), 502, 'answered 502: it does not seem to be Understudy.'],
    [async () => Response.json({ detail: 'No.' }, { status: 404 }), 404, 'answered 404: No.'],
  ];
  for (const [answer, status, words] of cases) {
    const error = await answering(answer)
      .plane.call('GET', '/state')
      .catch((error) => error);
    if (!(error instanceof ControlPlaneError)) throw error;
    t.strictSame([error.status, error.message], [status, `http://a.example:1 ${words}`]);
  }
});
