// The API reader page and its files: content, security policy, sample keys, caching.
import t from 'tap';
import { openAdminPort } from '../../src/control/admin-port.ts';
import { httpOptions } from '../../src/server.ts';
import { listening, testServer } from '../harness.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The data the page passes to its script. */
function readingOf(html: string): { url: string; authorize: Record<string, string>; tryable: boolean } {
  const [, attribute = ''] = /data-reading="([^"]*)"/.exec(html) ?? [];
  return JSON.parse(attribute.replaceAll('&#34;', '"').replaceAll('&#38;', '&'));
}

t.test('the page shows one of four documents with sample keys of the sandbox', async (t) => {
  const { call } = await testServer(t);
  const page = async (query: string) => (await call('GET', `/__admin/docs${query}`)).body as string;
  t.same(readingOf(await page('')), {
    url: '/__admin/openapi/proficient.json',
    authorize: {
      SecretKeyAuth: 'Bearer sk_test_understudy',
      PublishableKey: 'pk_test_understudy',
      UserExternalId: 'user-42',
    },
    tryable: true,
  });
  t.same(readingOf(await page('?urls.primaryName=Pagecall&sandbox=worker-3')), {
    url: '/__admin/openapi/pagecall.json?sandbox=worker-3',
    authorize: { ApiKeyAuth: 'pagecall_test_key_sbx_worker-3' },
    tryable: true,
  });
  t.same(readingOf(await page('?urls.primaryName=Conductor')), {
    url: '/__admin/openapi/conductor.json',
    authorize: { BearerAuth: 'sk_conductor_test' },
    tryable: true,
  });
  const control = await page('?urls.primaryName=Control+plane&sandbox=worker-3');
  t.same(readingOf(control), { url: '/__admin/openapi.json?sandbox=worker-3', authorize: {}, tryable: true });
  t.match(control, '<title>Understudy</title>');
  t.match(control, 'aria-current="page">Control plane</a>');
  t.match(control, '<option value="default">', 'existing sandboxes are offered');
  t.notMatch(control, '<option value="worker-3">', 'showing a sandbox does not create it');
  t.notMatch(control, /https?:|<script(?! src)|<style| style=| on\w+=/, 'no external and no inline resources');
});

t.test('unknown documents and files get 404 with their name', async (t) => {
  const { call } = await testServer(t);
  t.match(await call('GET', '/__admin/docs?urls.primaryName=%3Cb%3E'), {
    status: 404,
    body: {
      detail: 'There is no document "<b>"; there are Proficient AI, Pagecall, Conductor, Control plane.',
    },
  });
  for (const query of ['sandbox=%3Cb%3E', 'url=http://evil.example/x.json', 'configUrl=/x'])
    t.match(await call('GET', `/__admin/docs?${query}`), { status: 400 }, query);
  for (const file of ['swagger-ui.js', '..%2fpackage.json', 'constructor', 'reader.js%00'])
    t.match(await call('GET', `/__admin/docs/${file}`), { status: 404, body: { status: 404 } }, file);
});

t.test('the files are served under a strict policy and revalidated with an ETag', async (t) => {
  const { app, call } = await testServer(t);
  const page = await call('GET', '/__admin/docs');
  t.match(page.headers, { 'content-security-policy': POLICY, 'content-type': 'text/html; charset=utf-8' });
  const files = [...(page.body as string).matchAll(/(?:src|href)="(\/__admin\/docs\/[^"]+)"/g)].map(([, url]) => url);
  t.same(files.length, 4);
  for (const url of files as string[]) {
    const { status, headers, body } = await call('GET', url);
    t.equal(status, 200, url);
    t.equal(headers['content-type'], `text/${url.endsWith('.js') ? 'javascript' : 'css'}; charset=utf-8`);
    t.match(headers, { 'x-content-type-options': 'nosniff', 'content-security-policy': POLICY });
    t.ok(body.length > 500, url);
    const again = await call('GET', url, { headers: { 'if-none-match': String(headers.etag) } });
    t.match(again, { status: 304, body: '' }, url);
  }
  t.same(
    app.controlRoutes.filter(({ url }) => url.startsWith('/__admin/docs')).map(({ url }) => url),
    ['/__admin/docs'],
    'the files are not listed as routes',
  );
});

t.test('with a token set, the page and its files require it', async (t) => {
  const { call } = await testServer(t, { adminToken: 'secret' });
  for (const url of ['/__admin/docs', '/__admin/docs/reader.js']) {
    t.match(await call('GET', url), { status: 403, body: { detail: /ui\?token=/ } }, url);
    t.equal((await call('GET', url, { headers: { authorization: 'Bearer secret' } })).status, 200, url);
  }
});

t.test('on the admin port the page links to the providers and disables requests to them', async (t) => {
  const { app, url } = await listening(t, { adminPortOnly: true });
  const server = await openAdminPort(app, { port: 0, host: '127.0.0.1', http: httpOptions() });
  const own = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const get = async (path: string) => (await fetch(own + path)).text();
  const page = await get('/__admin/docs?urls.primaryName=Conductor');
  t.equal(readingOf(page).tryable, false);
  t.notMatch(page, 'Prefer');
  t.equal(readingOf(await get('/__admin/docs?urls.primaryName=Control+plane')).tryable, true);
  const { servers, info } = JSON.parse(await get('/__admin/openapi/conductor.json'));
  t.same(servers, [{ url: `${url}/conductor/v1` }]);
  t.match(info.description, /^\*\*Calls can be read here, not tried\.\*\*/);
  t.match(info.description, `${url}/conductor/v1`);
  t.match(info.description, 'The structure Conductor publishes');
});
