// The command as people run it: what it prints, how it ends, what it says when it cannot start.
import { connect } from 'node:net';
import t from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { runProcess, startProcess } from '../process.ts';

t.test('a start prints base URLs, keys that work, and what was loaded', async (t) => {
  const { banner, url, end } = await startProcess(t, ['--auth', 'strict']);
  for (const { mount, base, sampleKeys } of PROVIDERS) {
    t.match(banner, url + mount + base);
    for (const key of Object.values(sampleKeys('default'))) t.match(banner, key);
  }
  t.match(banner, /built-in fixtures, in memory, auth strict/);
  t.match(banner, /\d+ users, \d+ rooms/);
  const answer = await fetch(`${url}/pagecall/v1/users/user-42`, {
    method: 'DELETE',
    headers: { authorization: 'Bearer pagecall_test_key' },
  });
  t.equal(answer.status, 200);
  t.match(await runProcess(['wait', '--url', url]), { code: 0, err: '' });
  const ended = await end('SIGTERM');
  t.match(ended, { code: 0, signal: null });
  t.ok(ended.ms < 300, `ended in ${ended.ms} ms`);
});

t.test('hung connections do not keep it alive, and logs are JSON without a terminal', async (t) => {
  const { url, end, process: child } = await startProcess(t, ['--log-level', 'info', '--host', '0.0.0.0']);
  let log = '';
  child.stderr?.on('data', (data) => (log += data));
  const port = Number(new URL(url).port);
  const idle = connect(port, '127.0.0.1');
  const half = connect(port, '127.0.0.1');
  await Promise.all([idle, half].map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  half.write('POST /pagecall/v1/users HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
  for (const socket of [idle, half]) socket.on('error', () => {});
  await fetch(`${url}/pagecall/v1/nope`);
  const ended = await end('SIGINT');
  t.match(ended, { code: 0 });
  t.ok(ended.ms < 300, `ended in ${ended.ms} ms`);
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.ok(
    lines.some(({ req }) => req?.url === '/pagecall/v1/nope'),
    'the request is in the log',
  );
});

t.test('what keeps it from starting is one sentence and an exit code', async (t) => {
  const { code, out, err } = await runProcess(['--prot', '1']);
  t.strictSame([code, out, err], [1, '', 'understudy: There is no setting --prot; did you mean --port?\n']);
});
