// Where a served document says its API is: at the origin it was asked at, so that a generated client needs no setting.
import t from 'tap';
import { openAdminPort } from '../../src/control/admin-port.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import { httpOptions } from '../../src/server.ts';
import { listening, testServer } from '../harness.ts';
import { secured } from '../https.ts';

const serversOf = (document: { servers: { url: string }[] }) => document.servers.map(({ url }) => url);

t.test('the host that was asked for is the host of the servers', async (t) => {
  const { call } = await testServer(t);
  const headers = { host: 'understudy:4010' };
  const asked = async (name: string) => serversOf((await call('GET', `/__admin/${name}`, { headers })).body);
  for (const { name, mount, base } of PROVIDERS)
    t.strictSame(await asked(`openapi/${name}.json`), [`http://understudy:4010${mount}${base}`], name);
  t.strictSame(await asked('openapi.json'), ['http://understudy:4010']);
});

t.test('over https they are https', async (t) => {
  const { ask, port } = await secured(t);
  const { body } = await ask('localhost', 'GET', '/__admin/openapi/pagecall.json');
  t.strictSame(serversOf(body), [`https://localhost:${port}/pagecall/v1`]);
});

t.test('on a port of its own the control plane names itself, and the providers where they are', async (t) => {
  const { app, url } = await listening(t, { adminPortOnly: true });
  const server = await openAdminPort(app, { port: 0, host: '127.0.0.1', http: httpOptions() });
  const own = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const asked = async (name: string) => serversOf(JSON.parse(await (await fetch(`${own}/__admin/${name}`)).text()));
  t.strictSame(await asked('openapi.json'), [own]);
  t.strictSame(await asked('openapi/proficient.json'), [`${url}/proficient`]);
});

t.test("a sandbox's publicUrl comes before the host, and such a document cannot be tried from here", async (t) => {
  const { call } = await testServer(t);
  const publicUrl = 'https://proxy.example/understudy';
  await call('POST', '/__admin/sandboxes', { json: { name: 'public', settings: { publicUrl } } });
  const asked = async (query: string) => (await call('GET', `/__admin/openapi/conductor.json${query}`)).body;
  const document = await asked('?sandbox=public');
  t.strictSame(serversOf(document), [`${publicUrl}/conductor/v1`]);
  t.match(document.info.description, /^\*\*Calls can be read here, not tried\.\*\*/);
  t.strictSame(serversOf(await asked('')), ['http://localhost/conductor/v1']);
  t.strictSame(serversOf(await asked('?sandbox=unknown')), ['http://localhost/conductor/v1']);
  const { sandboxes } = (await call('GET', '/__admin/sandboxes')).body;
  t.strictSame(
    sandboxes.map(({ name }: { name: string }) => name),
    ['public', 'default'],
    'reading makes no sandbox',
  );
  const page = async (sandbox: string) =>
    (await call('GET', `/__admin/docs?urls.primaryName=Conductor&sandbox=${sandbox}`)).body;
  t.match(await page('public'), '&#34;tryable&#34;:false');
  t.match(await page('default'), '&#34;tryable&#34;:true');
});
