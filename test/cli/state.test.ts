// `understudy state`, `snapshot` and `reset`: what a sandbox contains, printed, changed, saved and restored.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { buildServer } from '../../src/server.ts';
import { RESOURCES } from '../core/deletions/searched.ts';
import { listening } from '../harness.ts';
import { printed, typed, typing } from './shell.ts';

const CONDUCTOR = { authorization: 'Bearer sk_conductor_test' };
const ALICE = '/conductor/v1/end-users/end_usr_alice000000042';
const ADA = {
  id: 'end_usr_ada',
  createdAt: '2025-01-01T00:00:00.000Z',
  companyName: 'Engine',
  sourceId: 'ada',
  email: 'ada@example.com',
};

t.test('state is printed for people and for machines, and stored from a file or standard input', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  const whole = (await call('GET', '/__admin/state')).body;
  t.strictSame(await type('state'), printed(`${JSON.stringify(whole, null, 2)}\n`));
  const part = await type('state get --provider conductor --resource endUsers --json');
  t.strictSame(JSON.parse(part.out), { conductor: { endUsers: whole.conductor.endUsers } });
  const ada = JSON.stringify({ conductor: { endUsers: [ADA] } });
  const file = `${t.testdir({ 'ada.json': ada })}/ada.json`;
  t.strictSame(await type(`state add ${file}`), printed(''));
  t.strictSame(await type(`state put ${file} --sandbox other`), printed(''));
  const held = async (sandbox: string) =>
    JSON.parse((await type(`state --json --resource endUsers --sandbox ${sandbox}`)).out).conductor.endUsers.length;
  t.strictSame([await held('default'), await held('other')], [whole.conductor.endUsers.length + 1, 1]);
  const piped = await typed(['state', 'add', '-', '--json', '--sandbox', 'third', '--url', url], { input: ada });
  t.strictSame(piped, printed(`${ada}\n`));
  t.strictSame(await typed(['state', 'put', '-', '--json', '--url', url], { input: ada }), printed(''));
});

t.test('state that cannot be stored is refused with the place', async (t) => {
  const { url } = await listening(t);
  const type = typing(url);
  const dir = t.testdir({ 'broken.json': '{"conductor":', 'empty.json': '', 'strange.json': '{"stripe": {}}' });
  t.match(await type(`state put ${dir}/broken.json`), { code: 2, err: /broken\.json is not JSON: / });
  t.match(await type(`state put ${dir}/empty.json`), { code: 2, err: /empty\.json is empty; JSON is expected\.\n$/ });
  t.match(await type(`state put ${dir}/none.json`), {
    code: 2,
    err: /none\.json cannot be read: ENOENT.*; - reads standard input\.\n$/,
  });
  t.match(await type(`state add ${dir}/strange.json`), { code: 2, err: /answered 400: stripe: unknown field\.\n$/ });
  const odd = '{"conductor": {"endUsers": {}}, "pagecall": null}';
  t.match(await typed(['state', 'put', '-', '--url', url], { input: odd }), {
    code: 2,
    err: /answered 400: pagecall: Invalid input: expected object/,
  });
  t.match(await typed(['state', 'put', '-', '--url', url], { input: 'null' }), {
    code: 2,
    err: /answered 400: The body/,
  });
  t.match(await type('state --provider stripe'), { code: 2, err: /the providers are proficient, pagecall, conductor/ });
});

t.test('a state of more than a mebibyte is accepted; other bodies are not', async (t) => {
  const { url, call } = await listening(t);
  const endUsers = Array.from({ length: 8000 }, (_, n) => ({ ...ADA, id: `end_usr_${n}`, sourceId: `ada-${n}` }));
  const file = `${t.testdir({})}/large.json`;
  writeFileSync(file, JSON.stringify({ conductor: { endUsers } }));
  t.ok(readFileSync(file).length > 1024 * 1024);
  t.strictSame(await typing(url)(`state put ${file}`), printed(''));
  t.strictSame(await typing(url)('erasure-check ada-7999 --no-linked'), {
    code: 1,
    out: `PROVIDER   RESOURCE  ID            FIELD     MATCH  ERASE WITH
conductor  endUsers  end_usr_7999  sourceId  exact  DELETE /conductor/v1/end-users/end_usr_7999

left: 1 residue of ada-7999 (8125 rows in ${RESOURCES} resources)
requests that remove them, in order:
  DELETE /conductor/v1/end-users/end_usr_7999
Linked identities were not searched, only the given subjects.
`,
    err: '',
  });
  const raw = `{"name": "${'x'.repeat(1024 * 1024)}"}`;
  const { status, body } = await call('POST', '/__admin/snapshots', {
    raw,
    headers: { 'content-type': 'application/json' },
  });
  t.same([status, body.detail], [413, 'The body is larger than 1 MiB.']);
});

t.test('a snapshot is created, listed, compared, restored, exported and deleted', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  t.strictSame(await type('snapshot create before'), printed(''));
  t.match(JSON.parse((await type('snapshot create again --json')).out), { name: 'again' });
  t.match((await type('snapshot')).out, /^NAME +CREATED\nagain {3}\d{4}-\S+Z\nbefore {2}\d{4}-\S+Z\n$/);
  t.match(await type('snapshot list --limit 1'), { err: /these are 1 of 2/ });
  t.match(JSON.parse((await type('snapshot list --json')).out), { meta: { total: 2 } });
  t.strictSame(await type('snapshot diff before'), printed('no changes\n'));
  await call('DELETE', ALICE, { headers: CONDUCTOR });
  const json = { conductor: { endUsers: [ADA] } };
  await call('POST', '/__admin/state', { json });
  await call('PUT', '/pagecall/v1/users/user-42', {
    headers: { authorization: 'Bearer pagecall_test_key' },
    json: { name: 'Alice\u001b[2J' },
  });
  const { code, out } = await type('snapshot diff before');
  t.equal(code, 1, 'as diff does when there are changes');
  t.match(out, /^CHANGE +PROVIDER +RESOURCE +ID +FIELDS\nupdate +pagecall +users +\w+ +name: "Alice Moreau" → "Alice/);
  t.notMatch(out, '\u001b');
  t.match(out, /\ninsert +conductor +endUsers +end_usr_ada\n/);
  t.match(out, /\ndelete +conductor +endUsers +end_usr_alice000000042\n/);
  const { code: jsonCode, out: asJson } = await type('snapshot diff before --json');
  t.strictSame([jsonCode, JSON.parse(asJson)], [1, (await call('GET', '/__admin/snapshots/before/diff')).body]);
  t.strictSame(await type('snapshot restore before'), printed(''));
  t.strictSame(await type('snapshot diff before'), printed('no changes\n'));
  t.strictSame(await type('snapshot diff before --json'), printed('{}\n'));
  const dir = t.testdir({});
  t.strictSame(await type(`snapshot export before --output ${dir}/default.sqlite`), printed(`${dir}/default.sqlite\n`));
  const again = buildServer({ data: dir });
  t.teardown(() => again.close());
  t.equal((await again.inject({ url: ALICE, headers: CONDUCTOR })).statusCode, 200);
  t.match(JSON.parse((await type(`snapshot export before --json --output ${dir}/b.sqlite`)).out), {
    path: `${dir}/b.sqlite`,
    bytes: readFileSync(`${dir}/b.sqlite`).length,
  });
  t.match(await type(`snapshot export before --output ${dir}/none/b.sqlite`), {
    code: 2,
    err: /none\/b\.sqlite cannot be written: ENOENT/,
  });
  t.match(await type('snapshot export none'), { code: 2, err: /has no snapshot none; it has again, before\.\n$/ });
  t.strictSame(await type('snapshot delete before'), printed(''));
  t.match(await type('snapshot restore before'), { code: 2, err: /has no snapshot before; it has again\.\n$/ });
});

t.test('rows without an id are shown by their first member, and an incomplete export is deleted', async (t) => {
  const { url, app } = await listening(t);
  const dir = t.testdir({});
  app.server.removeAllListeners('request');
  app.server.on('request', (request, response) => {
    const row = { agent_id: 'ag_1', model: 'x' };
    const change = { inserts: [row], updates: [{ before: { agent_id: 'ag_2' }, after: { ...row } }], deletes: [] };
    if (request.url?.endsWith('/diff')) return response.end(JSON.stringify({ p: { agentConfigs: change } }));
    response.writeHead(200, { 'content-length': 1_000_000 });
    return response.write('x'.repeat(500_000), () => response.destroy());
  });
  t.strictSame(await typing(url)('snapshot diff x'), {
    ...printed(`CHANGE  PROVIDER  RESOURCE      ID    FIELDS
insert  p         agentConfigs  ag_1
update  p         agentConfigs  ag_1  agent_id: "ag_2" → "ag_1", model: absent → "x"
`),
    code: 1,
  });
  const half = `${dir}/half.sqlite`;
  t.match(await typing(url)(`snapshot export x --output ${half}`), {
    code: 2,
    err: /half\.sqlite cannot be written: /,
  });
  t.notOk(existsSync(half));
});

t.test('a reset changes one sandbox, or all, to the given target, in the given parts', async (t) => {
  const { url, call } = await listening(t);
  const type = typing(url);
  const sandbox = { ...CONDUCTOR, 'x-understudy-sandbox': 'other' };
  const there = async (headers: Record<string, string>) => (await call('GET', ALICE, { headers })).status;
  const forget = async () => {
    for (const headers of [CONDUCTOR, sandbox]) await call('DELETE', ALICE, { headers });
  };
  await forget();
  t.strictSame(await type('reset'), printed(''));
  t.same([await there(CONDUCTOR), await there(sandbox)], [200, 404]);
  t.strictSame(await typed(['reset', '--all', '--url', url], { env: { UNDERSTUDY_SANDBOX: 'default' } }), printed(''));
  t.equal(await there(sandbox), 200, '--all wins over the variable');
  t.strictSame(await type('reset --to empty --scope state,faults --scope clock'), printed(''));
  t.equal(await there(CONDUCTOR), 404);
  t.ok(Number((await type('requests count')).out) > 0, 'requests were not in scope');
  await type('snapshot create before --sandbox other');
  await forget();
  t.strictSame(await type('reset --sandbox other --to snapshot:before'), printed(''));
  t.equal(await there(sandbox), 200);
  const cases: [string, RegExp][] = [
    ['--all --sandbox other', /reset takes --all or --sandbox, not both\./],
    ['--to emty', /--to takes fixtures, empty or snapshot:<name>, not "emty"/],
    ['--to snapshot:', /--to takes fixtures, empty or snapshot:<name>/],
    ['--scope rows', /--scope takes any of state, faults, requests, clock, ids, webhooks, not "rows"/],
    ['--to snapshot:none', /answered 404: Sandbox default has no snapshot none/],
  ];
  for (const [flags, err] of cases) t.match(await type(`reset ${flags}`), { code: 2, out: '', err });
});
