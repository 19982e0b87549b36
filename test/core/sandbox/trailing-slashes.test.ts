// Trailing slashes of public URLs and origins are removed in linear time.
import t from 'tap';
import { withoutTrailingSlashes } from '../../../src/core/sandbox/trailing-slashes.ts';
import { ControlPlane } from '../../../src/library/control-plane.ts';
import { testServer } from '../../harness.ts';

t.test('trailing slashes are removed, others stay', (t) => {
  const cases = [
    ['', ''],
    ['/', ''],
    ['http://a', 'http://a'],
    ['http://a//', 'http://a'],
    ['http://a//b/', 'http://a//b'],
  ] as const;
  for (const [text, expected] of cases) t.equal(withoutTrailingSlashes(text), expected);
  t.equal(new ControlPlane({ origin: 'http://a//' }).origin, 'http://a');
  t.end();
});

t.test('a public URL of many slashes delays nobody', async (t) => {
  const { call } = await testServer(t);
  const from = performance.now();
  const hostile = `http://a${'/'.repeat(200_000)}b`;
  await call('POST', '/__admin/sandboxes', { json: { name: 'a', settings: { publicUrl: hostile } } });
  t.ok(performance.now() - from < 10_000);
  const json = { name: 'b', settings: { publicUrl: 'http://a/b//' } };
  t.equal((await call('POST', '/__admin/sandboxes', { json })).body.settings.publicUrl, 'http://a/b');
});
