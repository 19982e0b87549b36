// Control-plane reads of a sandbox that does not exist: refused with the nearest name, and nothing is created.
import t from 'tap';
import { testServer } from '../harness.ts';

const READS: readonly (readonly [method: string, path: string, json?: object])[] = [
  ['GET', '/state'],
  ['GET', '/resources'],
  ['GET', '/resources/pagecall/users'],
  ['GET', '/resources/pagecall/users/user-42'],
  ['GET', '/deletions'],
  ['GET', '/clients'],
  ['GET', '/deletions/0123456789abcdef'],
  ['GET', '/requests'],
  ['GET', '/requests/0123456789abcdef'],
  ['POST', '/requests/find', {}],
  ['POST', '/requests/count', {}],
  ['POST', '/requests/verify', { pattern: {} }],
  ['POST', '/erasure-checks', { subjects: ['alice@example.com'] }],
  ['GET', '/faults'],
  ['GET', '/faults/0123456789abcdef'],
  ['GET', '/retry-tests/0123456789abcdef'],
  ['GET', '/barriers'],
  ['GET', '/barriers/0123456789abcdef'],
  ['GET', '/clock'],
  ['GET', '/snapshots'],
  ['GET', '/snapshots/s/diff'],
  ['GET', '/snapshots/s/export'],
  ['POST', '/snapshots/s/restore'],
  ['GET', '/webhooks'],
  ['GET', '/conductor/end-users/end_usr_larkspur000001/company-file/qbd.invoices.list'],
  ['GET', '/conductor/end-users/end_usr_larkspur000001/records/101-1736503200'],
];

t.test('reading a misspelled sandbox is refused with the nearest name, and creates none', async (t) => {
  const { call } = await testServer(t);
  await call('POST', '/__admin/sandboxes', { json: { name: 'worker-3' } });
  const responses = [];
  for (const [method, path, json] of READS) {
    const { body } = await call(method, `/__admin${path}?sandbox=worker3`, json === undefined ? {} : { json });
    responses.push([method, path, body]);
  }
  const problem = {
    type: 'urn:understudy:unknown-sandbox',
    title: 'Unknown sandbox',
    status: 404,
    detail:
      'There is no sandbox worker3; the nearest name is worker-3. POST /__admin/sandboxes creates one, GET /__admin/sandboxes lists them.',
  };
  t.strictSame(
    responses,
    READS.map(([method, path]) => [method, path, problem]),
  );
  const { sandboxes } = (await call('GET', '/__admin/sandboxes')).body;
  t.strictSame(sandboxes.map(({ name }: { name: string }) => name).sort(), ['default', 'worker-3']);
});

t.test('every read of the control plane is in this list, or is about the server or what is to come', async (t) => {
  const { call } = await testServer(t);
  const { paths } = (await call('GET', '/__admin/openapi.json')).body;
  const reads = Object.entries<any>(paths).flatMap(([path, item]) =>
    item.get?.parameters?.some(({ name }: { name: string }) => name === 'sandbox') ? [path] : [],
  );
  const pattern = (path: string) => path.replace(/\{\w+\}/g, '*');
  const listed = READS.filter(([method]) => method === 'GET').map(([, path]) => `/__admin${path}`);
  const missing = reads.filter((path) => {
    const template = new RegExp(`^${pattern(path).replaceAll('*', '[^/]+')}$`);
    return !listed.some((one) => template.test(one));
  });
  t.strictSame(missing, [
    '/__admin/events',
    '/__admin/openapi.json',
    '/__admin/openapi/{file}',
    '/__admin/docs',
    '/__admin/ui',
  ]);
});

t.test('a sandbox on disk exists, and a wait may name one that is still to come', async (t) => {
  const data = t.testdir();
  const first = await testServer(t, { data });
  await first.call('GET', '/pagecall/v1/users', {
    headers: { authorization: 'Bearer k', 'x-understudy-sandbox': 'kept' },
  });
  await first.app.close();
  const second = await testServer(t, { data });
  t.equal((await second.call('GET', '/__admin/state?sandbox=kept')).status, 200);
  t.match((await second.call('GET', '/__admin/state?sandbox=kep')).body, { detail: /the nearest name is kept\./ });
  const waited = await second.call('POST', '/__admin/requests/wait?sandbox=later', {
    json: { pattern: {}, timeoutMs: 0 },
  });
  t.match(waited, { status: 200, body: { passed: false, count: 0 } });
});
