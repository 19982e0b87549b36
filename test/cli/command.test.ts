// Commands in this process: what they return and print.
import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { run, sentenceOf, stop } from '../../src/cli/command.ts';
import { logStream } from '../../src/cli/start.ts';
import { ControlPlaneError } from '../../src/library/control-plane.ts';
import { WITHOUT_KEY } from '../../src/providers/index.ts';
import { writeLargeFixtures } from '../large-fixtures.ts';
import { page, typed } from './shell.ts';

const quiet = { UNDERSTUDY_LOG_LEVEL: 'silent' };

t.test('a start listens, with --mount also at the root of another port, and prints where', async (t) => {
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
  t.strictSame(await typed(['wait', '--url', url, '--timeout', '0']), {
    code: 1,
    out: '',
    err: `understudy: No healthy server at ${url}/__admin/health within 0 s.\n`,
  });
});

t.test('a start with --tls serves HTTPS and prints how to trust its CA, which the control plane serves', async (t) => {
  const out = page();
  const app = (await run(['--port', '0', '--tls', '0', '--admin-port', '0'], quiet, out)) as FastifyInstance;
  const [, secure, admin] =
    /https {9}(https:\S+) {3}trust its CA: curl (http:\S+)\/ca\.pem > ca\.pem; export NODE_EXTRA_CA_CERTS=\$PWD\/ca\.pem\n/.exec(
      out.text,
    ) ?? [];
  t.match(out.text, `Dashboard     ${admin}/ui`);
  const answer = await fetch(`${admin}/ca.pem`);
  t.equal(await answer.text(), app.ca.pem);
  const { port } = new URL(secure as string);
  await t.rejects(Promise.resolve(run(['--port', '0', '--tls', port], quiet, page())), {
    message: `Port ${port} of --tls is in use; stop the process that listens there, or choose another port with --tls <number> (0 picks a free one).`,
  });
  await stop(app);
  const broken = t.testdir({ 'ca.pem': 'x' });
  await t.rejects(Promise.resolve(run(['--port', '0', '--tls', '0', '--data', broken], quiet, page())), {
    message: /ca\.pem exists without ca-key\.pem/,
  });
});

t.test('a response that takes too long is cut when the server stops', async (t) => {
  const app = (await run(['--port', '0', '--host', '127.0.0.1'], quiet, page())) as FastifyInstance;
  const { port } = app.server.address() as { port: number };
  app.server.removeAllListeners('request');
  app.server.on('request', () => {});
  const hung = fetch(`http://127.0.0.1:${port}/`);
  await new Promise((resolve) => app.server.once('request', resolve));
  const [ended] = await Promise.allSettled([hung, stop(app)]);
  t.equal(ended.status, 'rejected');
});

t.test('a start with many rows works like any other', async (t) => {
  const dir = t.testdir({});
  writeLargeFixtures(dir, 150);
  const { code, out, err } = await typed(['--port', '0', '--fixtures', dir], { env: quiet });
  t.match(out, /150 users, 1 agents/);
  t.equal(err, '', 'no progress is shown when it is fast');
  await stop(code as FastifyInstance);
});

t.test('wait waits until the server is healthy', async (t) => {
  let asked = 0;
  const late = createServer((_request, response) =>
    response.writeHead(asked++ === 0 ? 503 : 200).end('{"status":"healthy"}'),
  ).listen(0, '127.0.0.1');
  await new Promise((resolve) => late.once('listening', resolve));
  t.teardown(() => late.close());
  const { port } = late.address() as { port: number };
  t.strictSame(await typed(['wait', '--port', String(port)]), { code: 0, out: '', err: '' });
  t.equal(asked, 2);
  t.strictSame(await typed(['wait', '--port', String(port), '--json']), {
    code: 0,
    out: '{"status":"healthy"}\n',
    err: '',
  });
});

t.test('an unknown provider is refused with the nearest one, or with all of them', async (t) => {
  const cases: [string[], string][] = [
    [['--mount', 'pagecal=80'], 'Unknown provider pagecal in --mount; did you mean pagecall?'],
    [
      ['--contract', 'stripe=x.json'],
      'Unknown provider stripe in --contract; the providers are proficient, pagecall, conductor.',
    ],
  ];
  for (const [args, sentence] of cases)
    t.strictSame(await typed(args), { code: 2, out: '', err: `understudy: ${sentence}\n` });
});

t.test('an unexpected error keeps its stack', async (t) => {
  t.match(sentenceOf(new Error('surprise')), /Error: surprise\n {4}at /);
  t.equal(
    sentenceOf(new ControlPlaneError(404, 'no \u001b[2J')),
    'no \\u001b[2J',
    'a message of a server cannot control the terminal',
  );
});

t.test('logs are readable lines in a terminal and JSON elsewhere', async (t) => {
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
    t.match(out.text, `Keys          Any well-formed key is accepted. ${WITHOUT_KEY}\n`);
    const strict = page();
    await stop((await run([...args, '--auth', 'strict'], quiet, strict)) as FastifyInstance);
    t.match(strict.text, 'Keys          Only the keys of a sandbox are accepted; a call without one is refused.\n');
  },
);
