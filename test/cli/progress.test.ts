// Progress of slow commands, tables in terminals, and output whose reader is gone.
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { Progress, withProgress } from '../../src/cli/progress.ts';
import { shellOf } from '../../src/cli/shell.ts';
import { writeTable } from '../../src/cli/table.ts';
import { buildServer } from '../../src/server.ts';
import { RESOURCES } from '../core/deletions/searched.ts';
import { writeLargeFixtures } from '../large-fixtures.ts';
import { page, printed, typed } from './shell.ts';

t.test('work under a second shows nothing; then a log gets a line every five seconds', async (t) => {
  const err = page();
  let now = 0;
  const progress = new Progress({ err, now: () => now });
  for (now = 0; now <= 12_000; now += 500) progress.show(`${progress.seconds} s`);
  progress.end();
  t.equal(err.text, 'understudy: 1 s\nunderstudy: 6 s\nunderstudy: 11 s\n');
});

t.test('a terminal gets one line, cut to its width, rewritten in place and removed at the end', async (t) => {
  const err = page(undefined, 8);
  let now = 0;
  const progress = new Progress({ err, now: () => now });
  for (now = 0; now <= 1100; now += 50) progress.show(`at ${now} of 2000`);
  progress.end();
  t.equal(err.text, '\r\u001b[2Kat 1000…\r\u001b[2Kat 1100…\r\u001b[2K');
  const quick = page(undefined, 80);
  new Progress({ err: quick, now: () => 0 }).end();
  t.equal(quick.text, '');
});

t.test('while a promise is pending, the seconds are shown', async (t) => {
  let told = () => {};
  const heard = new Promise<void>((resolve) => (told = resolve));
  const err = page(() => told());
  let now = 0;
  const progress = new Progress({ err, now: () => (now += 1000) });
  await withProgress(progress, 'waiting', heard);
  t.match(err.text, /^understudy: waiting, \d s\n$/);
});

t.test('a slow call shows progress on standard error, but not with --json', async (t) => {
  const server = createServer((_request, response) => {
    answer = () => response.end('{"count":1}');
    if (told) answer();
  }).listen(0, '127.0.0.1');
  let answer = () => {};
  let told = false;
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const args = ['requests', 'count', '--port', String(port)];
  const onErr = () => {
    told = true;
    answer();
  };
  let seconds = 0;
  t.strictSame(await typed(args, { onErr, now: () => 1000 * seconds++ }), {
    code: 0,
    out: '1\n',
    err: `understudy: waiting for the response (http://127.0.0.1:${port}), 1 s\n`,
  });
  let later = 0;
  const nobody = page(() => t.fail('said something'));
  const quiet = new Progress({ err: nobody, now: () => (later += 5000) }, true);
  quiet.show('x');
  t.strictSame(await typed([...args, '--json']), printed('{"count":1}\n'));
});

t.test('loading fixtures reports how many files are read and how many rows are stored', async (t) => {
  const dir = t.testdir({});
  writeLargeFixtures(dir, 150);
  const steps: string[] = [];
  const app = buildServer({
    fixtures: dir,
    onLoading: ({ step, done, total }) => steps.push(`${step} ${done}/${total}`),
  });
  await app.close();
  t.strictSame(steps, [...Array.from({ length: RESOURCES }, (_, n) => `files ${n}/${RESOURCES}`), 'rows 1000/1653']);
});

t.test('a table is aligned for wide characters, escapes control characters, and fits the terminal', async (t) => {
  const rows = [
    ['홍길동', 'a'],
    ['x\u001b[2J\u202ey', 'b'],
  ];
  const wide = page();
  writeTable(wide, ['NAME', 'N'], rows);
  t.equal(wide.text, 'NAME               N\n홍길동             a\nx\\u001b[2J\\u202ey  b\n');
  const narrow = page(undefined, 10);
  writeTable(narrow, ['NAME', 'N'], rows);
  t.equal(narrow.text, 'NAME     …\n홍길동   …\nx\\u001b[2…\n');
  const unknown = page(undefined, 0);
  writeTable(unknown, ['x'.repeat(100)], []);
  t.equal(unknown.text, `${'x'.repeat(79)}…\n`);
});

t.test('a reader that closes the pipe is no error, output that cannot be written is', async (t) => {
  const exits: number[] = [];
  const stdout = Object.assign(new EventEmitter(), page());
  const stderr = Object.assign(new EventEmitter(), page());
  async function* nothing() {}
  const stdin = nothing();
  const process = Object.assign(new EventEmitter(), {
    ...{ stdout, stderr, stdin, env: { A: 'b' } },
    exit: (code: number) => void exits.push(code),
  });
  const shell = shellOf(process);
  t.equal(shell.input, stdin);
  t.same(shell.environment, { A: 'b' });
  const earlier = shell.now();
  t.ok(shell.now() >= earlier, 'its clock runs');
  stderr.emit('error', new Error('EPIPE'));
  t.equal(shell.gone.aborted, false);
  stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  t.equal(shell.gone.aborted, true);
  t.strictSame(exits, []);
  stdout.emit('error', Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
  t.strictSame(exits, [2]);
  t.equal(stderr.text, 'understudy: The output cannot be written: ENOSPC: no space left.\n');
  let interrupts = 0;
  const release = shell.onInterrupt?.(() => interrupts++);
  process.emit('SIGINT');
  process.emit('SIGTERM');
  // The terminal is closed.
  process.emit('SIGHUP');
  release?.();
  t.strictSame([interrupts, process.emit('SIGINT'), process.emit('SIGTERM')], [3, false, false]);
});
