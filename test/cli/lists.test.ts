// `understudy sandboxes` and `deletions`: what is listed, created, shown and deleted.
import t from 'tap';
import { listening } from '../harness.ts';
import { printed, typing } from './shell.ts';

const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';

t.test('sandboxes are created with the given settings, listed and deleted', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  t.strictSame(
    await type('sandboxes create worker-3 --ttl 600 --auth strict --mode example --seed s'),
    printed('worker-3\n'),
  );
  const flags = '--from worker-3 --public-url http://a.example --json';
  const made = JSON.parse((await type(`sandboxes create ${flags}`)).out);
  t.match(made, { name: /^[0-9a-z]{16}$/, settings: { publicUrl: 'http://a.example' } });
  t.match((await call('GET', '/__admin/sandboxes/worker-3')).body, {
    ttlSeconds: 600,
    settings: { auth: 'strict', mode: 'example', seed: 's' },
  });
  const { out } = await type('sandboxes');
  t.match(
    out.replace(/\d{4}-\S+Z/g, 'TIME'),
    new RegExp(
      `^NAME +CREATED +LIVES +AUTH +MODE\n${made.name}  TIME  until deleted +spec +strict\nworker-3 +TIME  until TIME \\(in 10 min\\) +strict  example\ndefault +TIME  always +spec +strict\n$`,
    ),
  );
  t.match(await type('sandboxes list --limit 2'), { err: 'understudy: these are 2 of 3; --limit lists more.\n' });
  t.match(JSON.parse((await type('sandboxes list --json')).out), { meta: { total: 3 } });
  await type('snapshot create s --sandbox worker-3');
  t.strictSame(await type('sandboxes create a --from worker-3/s'), printed('a\n'));
  t.strictSame(await type('sandboxes create b --from empty'), printed('b\n'));
  t.strictSame(await type('sandbox rm worker-3'), printed(''));
  t.match(await type('sandboxes delete worker-3'), { code: 2, err: /answered 404: There is no sandbox worker-3/ });
  t.match(await type('sandboxes create --from a/b/c'), { code: 2, err: /--from takes fixtures, empty, <sandbox> or/ });
  t.match(await type('sandboxes create --ttl 0'), { code: 2, err: /--ttl takes a whole number from 1 to/ });
});

t.test('the list shows when a sandbox expires: by its ttl, unused, or only when it is deleted', async (t) => {
  const { url, call } = await listening(t, { limits: { idleSeconds: 7260 } });
  const type = typing(url);
  const shown = async () => {
    const { sandboxes } = (await call('GET', '/__admin/sandboxes')).body;
    const { out } = await type('sandboxes ls');
    const lives = out.split('\n').slice(1, -1);
    return sandboxes.map(({ name, expiresAt }: { name: string; expiresAt?: string }, n: number) => {
      const [, life] = / {2}(\S*[a-z].*?) +spec +strict$/.exec(lives[n] as string) ?? [];
      // A few seconds may pass.
      const seconds = life?.replace(/in (8[5-9]|90) s/, 'in 90 s').replace(/in 11[4-9] s/, 'in 119 s');
      return [name, seconds?.replace(String(expiresAt), 'TIME')];
    });
  };
  await call('GET', '/conductor/v1/end-users', { headers: { authorization: 'Bearer sk_conductor_test_sbx_used' } });
  for (const [name, ttl] of [
    ['a', 90],
    ['b', 172_800 * 2],
    ['c', 119],
    ['d', 140],
  ] as const)
    await type(`sandboxes create ${name} --ttl ${ttl}`);
  await type('sandboxes create e');
  t.strictSame(Object.fromEntries(await shown()), {
    default: 'always',
    used: 'until TIME (in 2 h if unused)',
    a: 'until TIME (in 90 s)',
    b: 'until TIME (in 4 d)',
    c: 'until TIME (in 119 s)',
    d: 'until TIME (in 2 min)',
    e: 'until deleted',
  });
  await call('PATCH', '/__admin/sandboxes/e', { json: { ttlSeconds: 3480 } });
  t.match(await shown(), [['e', 'until TIME (in 58 min)']]);
});

t.test('a deletion is listed, and shown by itself', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  const bearer = { authorization: 'Bearer pagecall_test_key' };
  const gone = await call('DELETE', '/pagecall/v1/users/user-42', { headers: bearer });
  const request = String(gone.headers['x-understudy-request']);
  t.match(
    (await type('deletions')).out.replace(/\d{4}-\S+Z/g, 'TIME'),
    new RegExp(
      `^REQUEST +PROVIDER  OPERATION   ROOT +DELETED +NOTE  AT\n${request}  pagecall  DeleteUser  users user-42  users 1, members \\d+ +TIME\n$`,
    ),
  );
  const receipt = (await call('GET', `/__admin/deletions/${request}`)).body;
  t.strictSame(JSON.parse((await type(`deletions show ${request} --json`)).out), receipt);
  const { out } = await type(`deletions show ${request}`);
  t.match(
    out,
    /^pagecall DeleteUser of users user-42 at \d{4}-\S+Z\n\nCHANGE +RESOURCE +ID +BY\ndeleted +users +user-42\n/,
  );
  t.match(out, /\ndeleted +members +\w+ +members\.user_id\n/);
  t.match(out, /\ndetached +sessions +\w+ +user_id\n/);
  const headers = { authorization: 'Bearer sk_conductor_test', prefer: 'dry-run' };
  await call('DELETE', ALICE, { headers });
  await type('fault add --operation endUsers.delete --status 503 --phase after-commit');
  const lost = await call('DELETE', ALICE, { headers: { authorization: 'Bearer sk_conductor_test' } });
  const { out: both, err } = await type('deletions --provider conductor --operation endUsers.delete');
  t.match(both, / response lost .*\n.* dry run .*\n$/);
  t.equal(err, '');
  t.match((await type(`deletions show ${lost.headers['x-understudy-request']}`)).out, /Z, response lost\n/);
  t.match(await type(`deletions --limit 1 --since ${request}`), { err: /these are 1 of 2/ });
  t.match(JSON.parse((await type('deletions --json')).out), { meta: { total: 3 } });
  t.match(await type('deletions show nothing'), { code: 2, err: /answered 404: .*no receipt for request "nothing"/ });
});

t.test('a truncated receipt says how many rows were deleted', async (t) => {
  const { url, app } = await listening(t);
  const receipt = {
    requestId: 'x',
    at: 'now',
    provider: 'p',
    operation: 'o',
    root: { resource: 'users', id: 'u\u001b[2J' },
    deleted: [{ resource: 'users', id: 'v', via: null }],
    detached: [],
    counts: { users: 1, messages: 20_000 },
    dryRun: false,
    answered: true,
    truncated: true,
  };
  app.server.removeAllListeners('request');
  app.server.on('request', (_request, response) => response.end(JSON.stringify(receipt)));
  t.strictSame(
    await typing(url)('deletions show x'),
    printed(`p o of users u\\u001b[2J at now

CHANGE   RESOURCE  ID          BY
deleted  users     u\\u001b[2J
deleted  users     v

and more: 20001 rows in total
`),
  );
});
