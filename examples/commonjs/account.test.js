// A CommonJS project: Node loads the package, an ES module, with `require()`.
const assert = require('node:assert/strict');
const { after, test } = require('node:test');
const { startUnderstudy } = require('understudy-sandbox');

const starting = startUnderstudy({ port: false });
after(async () => (await starting).close());

test('a deleted user is gone', async () => {
  const understudy = await starting;
  const sandbox = await understudy.sandbox();
  const { baseUrl, secretKey } = sandbox.conductor;
  const url = `${baseUrl}/end-users/end_usr_alice000000042`;
  const init = { method: 'DELETE', headers: { authorization: `Bearer ${secretKey}` } };
  assert.equal((await understudy.fetch(url, init)).status, 200);
  assert.equal((await understudy.fetch(url, init)).status, 404);
  assert.equal((await sandbox.deletions({ provider: 'conductor' })).length, 1);
});
