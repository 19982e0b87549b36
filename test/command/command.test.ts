// The commands from inside: what they return and print.
import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { logStream, run, sentenceOf, stop } from '../../src/command.ts';
import { startUnderstudy } from '../../src/index.ts';

const quiet = { UNDERSTUDY_LOG_LEVEL: 'silent' };

function page(): { text: string; write(text: string): void } {
  return {
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

t.test('a start listens, also at the root of ports of their own, and says where', async (t) => {
  const out = page();
  const roots = ['--mount', 'conductor=0', '--mount', 'pagecall=0'];
  const app = (await run(['--port', '0', '--host', '::', ...roots], quiet, out)) as FastifyInstance;
  t.match(out.text, /Conductor {5}http:\/\/localhost:\d+\/conductor\/v1/);
  t.match(out.text, /conductor also at http:\/\/localhost:\d+/);
  const url = /http:\/\/localhost:\d+/.exec(out.text)?.[0] as string;
  t.equal(await run(['wait', '--url', url], {}, page()), 0);
  const port = new URL(url).port;
  t.equal(await run(['wait', '--port', port], {}, page()), 0);
  await stop(app);
  t.equal(await run(['wait', '--url', url, '--timeout', '0'], {}, page()), 1);
});

t.test('an answer that takes too long is cut when the server ends', async (t) => {
  const app = (await run(['--port', '0', '--host', '127.0.0.1'], quiet, page())) as FastifyInstance;
  const { port } = app.server.address() as { port: number };
  app.server.removeAllListeners('request');
  app.server.on('request', () => {});
  const hung = fetch(`http://127.0.0.1:${port}/`);
  await new Promise((resolve) => app.server.once('request', resolve));
  const [ended] = await Promise.allSettled([hung, stop(app)]);
  t.equal(ended.status, 'rejected');
});

t.test('a port that is taken closes what was opened', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  const args = ['--port', '0', '--host', '127.0.0.1', '--mount', `proficient=${port}`];
  await t.rejects(Promise.resolve(run(args, quiet, page())), { code: 'EADDRINUSE', port });
});

t.test('waiting goes on until the server is healthy', async (t) => {
  let asked = 0;
  const late = createServer((_request, response) => response.writeHead(asked++ === 0 ? 503 : 200).end()).listen(
    0,
    '127.0.0.1',
  );
  await new Promise((resolve) => late.once('listening', resolve));
  t.teardown(() => late.close());
  const { port } = late.address() as { port: number };
  t.equal(await run(['wait', '--port', String(port)], {}, page()), 0);
  t.equal(asked, 2);
});

t.test('help and version are printed', async (t) => {
  const out = page();
  t.equal(await run(['--help'], {}, out), 0);
  t.match(out.text, /Usage:\n {2}understudy/);
  const version = page();
  t.equal(await run(['--version'], {}, version), 0);
  t.match(version.text, /^\d+\.\d+\.\d+\n$/);
});

t.test('what keeps it from starting is said in one sentence', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  const dir = t.testdir({
    fixtures: { pagecall: { 'users.json': '[{}]' } },
    file: '',
    data: { 'default.sqlite': 'no database' },
  });
  const cases: [string[], RegExp][] = [
    [['--port', String(port)], new RegExp(`^Port ${port} is in use; .*--port.*$`)],
    [['--port', '0', '--fixtures', `${dir}/fixtures`], /^.*pagecall\/users\.json, row 1, field id: .*$/],
    [['--port', '0', '--fixtures', `${dir}/none`], /^.*none is not a folder.*$/],
    [['--port', '0', '--data', `${dir}/file`], /^.*file cannot be used as --data folder: .*$/],
    [['--port', '0', '--data', `${dir}/data`], /^.*default\.sqlite cannot be opened as a sandbox .*delete it.*$/],
    [['--prot', '1'], /^There is no setting --prot; did you mean --port\?$/],
  ];
  for (const [args, sentence] of cases) {
    const error = await Promise.resolve(run(args, quiet, page())).catch((error) => error);
    t.match(sentenceOf(error), sentence);
  }
});

t.test('a fault of ours keeps its stack, and a native module that does not fit its repair', async (t) => {
  t.match(sentenceOf(new Error('surprise')), /Error: surprise\n {4}at /);
  t.match(sentenceOf(Object.assign(new Error('x'), { code: 'ERR_DLOPEN_FAILED' })), /run: npm rebuild better-sqlite3/);
});

t.test('as a library it starts on a free port and stops', async (t) => {
  const understudy = await startUnderstudy();
  const answer = await fetch(`${understudy.url}/conductor/v1/end-users`, { headers: { authorization: 'Bearer sk_x' } });
  t.equal(answer.status, 200);
  await understudy.close();
  await t.rejects(fetch(understudy.url));
  const strict = await startUnderstudy({ port: 0, auth: 'strict', data: t.testdir() });
  t.equal(
    (await fetch(`${strict.url}/conductor/v1/end-users`, { headers: { authorization: 'Bearer sk_x' } })).status,
    401,
  );
  await strict.close();
});

t.test('logs are lines in a terminal and JSON elsewhere', async (t) => {
  t.not((await logStream(true)).constructor, (await logStream(false)).constructor);
});

t.test(
  'the start says where rows come from and where they are kept, and writes IPv6 addresses as URLs do',
  async (t) => {
    const dir = t.testdir({ fixtures: {} });
    const out = page();
    const args = ['--port', '0', '--host', '::1', '--fixtures', `${dir}/fixtures`, '--data', `${dir}/data`];
    const app = (await run(args, quiet, out)) as FastifyInstance;
    await stop(app);
    t.match(out.text, `${dir}/fixtures, kept in ${dir}/data, auth spec`);
    t.match(out.text, /http:\/\/\[::1\]:\d+\/conductor\/v1/);
    t.match(out.text, '0 users, 0 rooms');
  },
);
