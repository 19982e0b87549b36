// The command as a process: what it prints, how it exits, what it prints when it cannot start.
import { connect } from 'node:net';
import t from 'tap';
import { PROVIDERS } from '../../src/providers/index.ts';
import { runBash, runProcess, startProcess } from '../process.ts';

/** In ms: open connections are given 250 ms, idle ones would stay for 72 s; between them, enough for any machine. */
const PROMPT = 30_000;

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
  t.ok(ended.ms < PROMPT, `ended in ${ended.ms} ms`);
});

t.test('hung connections do not keep it running, and logs are JSON without a terminal', async (t) => {
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
  t.ok(ended.ms < PROMPT, `ended in ${ended.ms} ms`);
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.ok(
    lines.some(({ req }) => req?.url === '/pagecall/v1/nope'),
    'the request is in the log',
  );
});

t.test('exit codes are those of grep and diff: 0 yes, 1 no, 2 trouble', async (t) => {
  const { url } = await startProcess(t);
  const { port } = new URL(url);
  const trouble = (sentence: string) => ({ code: 2, out: '', err: `understudy: ${sentence}\n` });
  t.strictSame(await runProcess(['requests', 'verify', '--at-most', '0', '-p', port]), {
    code: 0,
    out: 'passed: 0 requests matched, expected at most 0\n',
    err: '',
  });
  t.strictSame(await runProcess(['requests', 'verify', '-p', port]), {
    code: 1,
    out: 'failed: 0 requests matched, expected at least 1\n',
    err: '',
  });
  t.strictSame(await runProcess(['--prot', '1']), trouble("Unknown option '--prot'; did you mean --port?"));
  t.strictSame(await runProcess(['strat']), trouble("Unknown command 'strat'; did you mean start?"));
  t.strictSame(
    await runProcess(['faults', 'rm', 'x', '-p', port]),
    trouble(`http://127.0.0.1:${port} answered 404: No fault "x" is planned in this sandbox.`),
  );
  t.strictSame(
    await runProcess(['sandboxes', 'ls', '-p', '1']),
    trouble('http://127.0.0.1:1 cannot be reached (bad port); start it, or name it with --url.'),
  );
  t.strictSame(
    await runProcess(['-p', port]),
    trouble(
      `Port ${port} of --port is in use; stop the process that listens there, or choose another port with --port <number> (0 picks a free one).`,
    ),
  );
});

t.test('an empty variable is unset for the process too', async (t) => {
  const { url } = await startProcess(t, [], { UNDERSTUDY_HOST: '', UNDERSTUDY_CHECK_ANSWERS: '', UNDERSTUDY_DATA: '' });
  t.strictSame(await runProcess(['requests', 'count', '--url', url], { UNDERSTUDY_JSON: '', UNDERSTUDY_URL: '' }), {
    code: 0,
    out: '0\n',
    err: '',
  });
});

t.test('a Node that is too old, and a SQLite module built for another Node, are reported first', async (t) => {
  const faked = (script: string) => ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
  const old = faked(`
    const versions = { ...process.versions, node: '20.18.3' };
    Object.defineProperty(process, 'versions', { value: versions });
  `);
  t.strictSame(await runProcess([], {}, old), {
    code: 2,
    out: '',
    err: 'understudy: Understudy needs Node 20.19 or newer; this is 20.18.3.\n',
  });
  const unbuilt = faked(`
    process.dlopen = () => {
      throw Object.assign(new Error('invalid ELF header'), { code: 'ERR_DLOPEN_FAILED' });
    };
  `);
  t.match(await runProcess(['--port', '0'], {}, unbuilt), {
    code: 2,
    out: '',
    err: /^understudy: The SQLite module is not built for this Node \(.*\); run: npm rebuild --prefix ".*" better-sqlite3\n$/,
  });
});

t.test('a shell evaluates the output of env, pipes the output of other commands, and reads exit codes', async (t) => {
  const { url } = await startProcess(t);
  const evaluated = await runBash(
    `eval "$(understudy env --url ${url} --sandbox worker-3)" && echo "$CONDUCTOR_BASE_URL $CONDUCTOR_SECRET_KEY" && understudy requests verify; echo $?`,
  );
  t.equal(
    evaluated.out,
    `${url}/conductor/v1 sk_conductor_test_sbx_worker-3\nfailed: 0 requests matched, expected at least 1\n1\n`,
  );
  // Far more than a pipe holds.
  const piped = await runBash(`set -o pipefail; understudy state --url ${url} | head -1; echo $?`);
  t.equal(piped.out, '{\n0\n');
  t.notMatch(piped.err, /EPIPE|written/);
  let over = false;
  const following = runBash(`understudy requests --follow --json --url ${url} | head -1`).finally(() => (over = true));
  // When the second one is printed, the reader has closed the pipe.
  while (!over) await fetch(`${url}/pagecall/v1/x`);
  const followed = await following;
  t.equal(followed.code, 0);
  t.notMatch(followed.err, /EPIPE|Error/);
  t.match(JSON.parse(followed.out), { url: '/pagecall/v1/x', status: 404 });
});
