// DELETE requests of the dashboard: the row a path addresses, and the curl command.
import { execFileSync } from 'node:child_process';
import t from 'tap';
import type { DeleteRequest } from '../../src/control/schemas.ts';
import {
  byteString,
  curlLine,
  deletableRow,
  publicUrl,
  voidRequest,
} from '../../src/dashboard/model/delete-request.ts';
import { resourcesOf } from './fixtures.ts';

t.test('the path of a DELETE identifies its row', async (t) => {
  const resources = await resourcesOf(t);
  const target = (path: string) => {
    const found = deletableRow(resources, path);
    return found && [found.resource.provider, found.resource.name, found.id];
  };
  t.strictSame(target('/proficient/interactions/int_1'), ['proficient', 'interactions', 'int_1']);
  t.strictSame(target('/pagecall/v1/users/a%20b%2Fc'), ['pagecall', 'users', 'a b/c']);
  t.strictSame(target('/conductor/v1/end-users/end_usr_1'), ['conductor', 'endUsers', 'end_usr_1']);
  for (const path of [
    '/conductor/v1/end-users/',
    '/conductor/v1/end-users',
    '/conductor/v1/end-users/a/passthrough/b',
    '/elsewhere/x',
    '/__admin/requests',
  ])
    t.equal(target(path), undefined, path);
});

t.test('the curl command is quoted correctly, whatever the id', async (t) => {
  const call = (headers: DeleteRequest['headers']): DeleteRequest => ({ method: 'DELETE', path: '', headers });
  t.equal(
    curlLine(call({ authorization: 'Bearer sk_1' }), 'http://127.0.0.1:4010/a/users/u_1', false),
    "curl -i -X DELETE http://127.0.0.1:4010/a/users/u_1 -H 'authorization: Bearer sk_1'",
  );
  const url = 'http://127.0.0.1:1/a/it\'s $HOME `x` "y"';
  const line = curlLine(call({ authorization: "Bearer k'k", 'x-user': 'Zoë 木' }), url, true);
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${line}`], { encoding: 'utf8' });
  t.strictSame(words.trimEnd().split('\n'), [
    ...['-i', '-X', 'DELETE', url],
    ...['-H', "authorization: Bearer k'k", '-H', 'x-user: Zoë 木', '-H', 'Prefer: dry-run'],
  ]);
});

t.test('a transaction is voided below the path of its DELETE', async (t) => {
  t.strictSame(voidRequest({ method: 'DELETE', path: '/a/invoices/1', headers: { a: 'b' } }), {
    ...{ method: 'POST', path: '/a/invoices/1/void', headers: { a: 'b' } },
  });
});

t.test('a header is encoded as UTF-8 bytes, and a path resolves against the base URL', async (t) => {
  t.equal(byteString('plain'), 'plain');
  t.equal(Buffer.from(byteString('Zoë 木'), 'latin1').toString('utf8'), 'Zoë 木');
  const sandbox = { providers: { a: { baseUrl: 'http://h:1/a/v1' } } };
  t.equal(publicUrl(sandbox, 'a', '/a/v1/users/x'), 'http://h:1/a/v1/users/x');
});
