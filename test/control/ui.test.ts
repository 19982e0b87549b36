// The dashboard as served: page, files, security policy, caching and sign-in.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT, SOURCES, testServer } from '../harness.ts';

t.test('the page references only its own files, and all of them exist', async (t) => {
  const { call } = await testServer(t);
  const { status, headers, body } = await call('GET', '/__admin/ui?sandbox=w-1');
  t.equal(status, 200);
  t.equal(headers['content-type'], 'text/html; charset=utf-8');
  const named = [...body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, url]) => url as string);
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/.exec(body) ?? [];
  const mapped = Object.values((JSON.parse(map) as { imports: Record<string, string> }).imports);
  const modules = readdirSync(join(SOURCES, 'src/dashboard'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `/__admin/ui/${file.replace(/\.tsx?$/, '.js')}`);
  t.strictSame(
    modules.filter((url) => !named.includes(url)),
    [],
    'all modules are preloaded',
  );
  for (const url of new Set([...named, ...mapped])) {
    const answer = await call('GET', url);
    const headers = {
      'cache-control': 'no-cache',
      'content-type': /^(text\/javascript|text\/css|image\/svg\+xml)/,
      'x-content-type-options': 'nosniff',
    };
    t.match({ ...answer, map: /sourceMappingURL/.test(answer.body) }, { status: 200, headers, map: false }, url);
  }
});

t.test('the security policy allows only own files and the import map', async (t) => {
  const { call } = await testServer(t);
  const { headers, body } = await call('GET', '/__admin/ui');
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/.exec(body) ?? [];
  const hash = createHash('sha256').update(map).digest('base64');
  t.equal(
    headers['content-security-policy'],
    `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; connect-src 'self'; ` +
      `img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ` +
      `require-trusted-types-for 'script'`,
  );
  t.equal(headers['referrer-policy'], 'no-referrer');
  t.notMatch(body, /<script(?! type="importmap"| type="module" src=)|<style|style=|\son\w+=/);
});

t.test('an unchanged file gets 304', async (t) => {
  const { call } = await testServer(t);
  for (const url of ['/__admin/ui', '/__admin/ui/look/style.css', '/__admin/ui/shell/start.js']) {
    const { headers } = await call('GET', url);
    const again = await call('GET', url, { headers: { 'if-none-match': String(headers.etag) } });
    t.match(again, { status: 304, body: '', headers: { etag: headers.etag } }, url);
    t.equal((await call('GET', url, { headers: { 'if-none-match': '"other"' } })).status, 200);
  }
});

t.test('no other file of the package is served', async (t) => {
  const { call } = await testServer(t);
  for (const file of ['look/nothing.css', 'model/route.d.ts', '..%2f..%2fpackage.json/x', 'shell/start.js.map'])
    t.match(
      await call('GET', `/__admin/ui/${file}`),
      { status: 404, body: { detail: /^The dashboard has no file "/ } },
      file,
    );
});

t.test('minified modules differ from the compiled ones only in indentation and source map references', async (t) => {
  const { call } = await testServer(t);
  for (const file of readdirSync(join(ROOT, 'src/dashboard'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const compiled = readFileSync(join(ROOT, 'src/dashboard', file), 'utf8');
    // Removing indentation would change multi-line template literals.
    t.notMatch(compiled.replace(/`[^`\n]*`/g, ''), '`', `${file} has no multi-line template literal`);
    const { body } = await call('GET', `/__admin/ui/${file}`);
    const words = (text: string) =>
      text
        .replace(/\/\/# sourceMappingURL=.*/, '')
        .split(/\s+/)
        .join(' ')
        .trim();
    t.equal(words(body), words(compiled), file);
  }
  const css = await call('GET', '/__admin/ui/look/style.css');
  t.notMatch(css.body, /\/\*|\n/);
  t.equal(css.body.split('{').length, css.body.split('}').length);
});

t.test('signing in redirects to the requested sandbox', async (t) => {
  const open = await testServer(t);
  t.match(await open.call('GET', '/__admin/ui?token=any&sandbox=w-1'), {
    status: 303,
    headers: { location: '/__admin/ui?sandbox=w-1' },
  });
  const { call } = await testServer(t, { adminToken: 'secret' });
  t.match(await call('GET', '/__admin/ui?token=secret&sandbox=w%261'), {
    status: 303,
    headers: { location: '/__admin/ui?sandbox=w%261', 'set-cookie': /^understudy_admin=/ },
  });
  t.equal((await call('GET', '/__admin/ui/shell/start.js')).status, 403, 'the files require the token too');
});
