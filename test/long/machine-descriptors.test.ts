// A process with a low descriptor limit warns, rejects excess connections, and keeps working.
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { SOURCES } from '../harness.ts';
import { startProcess } from '../process.ts';

const skip = process.platform === 'linux' ? false : 'other systems do not report their limit';
const LIMIT = 110;
const FEW = `understudy: Only ${LIMIT} files and connections can be open at a time (ulimit -n); further connections are rejected until others close. Raise the limit before starting, e.g. ulimit -n 4096.\n`;
const HEADERS = { authorization: 'Bearer k', connection: 'close' };

/** Opens twice as many connections as the limit allows; the returned function closes them. */
async function openConnections(url: string): Promise<{ leave(): Promise<void>; turnedAway: number; first: Socket }> {
  let turnedAway = 0;
  const sockets: Socket[] = [];
  for (let n = 0; n < 2 * LIMIT; n++) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('close', () => turnedAway++);
    await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  }
  const [first] = sockets as [Socket];
  // The server may respond to the first connection before it has looked at the last ones.
  for (let waited = 0; turnedAway === 0 && waited < 10_000; waited += 20) await setTimeout(20);
  return {
    turnedAway,
    first,
    leave: async () => {
      const gone = sockets.map((one) => one.closed || new Promise((resolve) => one.once('close', resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(gone);
    },
  };
}

/** Sends a request over an open connection; resolves with the raw response. */
function over(socket: Socket, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (data: Buffer) => {
      text += data;
      const [head = '', body] = text.split('\r\n\r\n');
      if (body === undefined || Buffer.byteLength(body) < Number(/content-length: (\d+)/.exec(head)?.[1])) return;
      socket.off('data', read).off('close', reject);
      resolve(text);
    };
    socket.on('data', read).once('close', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\n\r\n`);
  });
}

/** Retries until there is a response: new connections are rejected until the server has noticed the closed ones. */
async function statusOnceIn(url: string): Promise<number> {
  for (;;) {
    const answer = await fetch(url, { headers: HEADERS }).catch(() => null);
    if (answer === null) continue;
    await answer.arrayBuffer();
    if (answer.status !== 503) return answer.status;
  }
}

async function checkConnectionLimit(t: Test, args: string[]): Promise<void> {
  const server = await startProcess(t, args, {}, { limit: `-n ${LIMIT}` });
  t.equal(server.errors(), FEW);
  const { url } = server;
  // With a data folder each sandbox is a file and a log.
  for (let n = 0; n < 60; n++) {
    const headers = { ...HEADERS, 'x-understudy-sandbox': `s-${n}` };
    const answer = await fetch(`${url}/pagecall/v1/users/user-42`, { method: 'DELETE', headers });
    t.equal(answer.status, 200, `sandbox ${n}`);
    await answer.arrayBuffer();
  }
  for (const round of [1, 2]) {
    const { first, leave, turnedAway } = await openConnections(url);
    t.ok(turnedAway > 0, `${turnedAway} were rejected`);
    t.match(await over(first, '/pagecall/v1/users/user-42'), /^HTTP\/1\.1 200 /, 'open connections are served');
    const document = await over(first, '/__admin/openapi/conductor.json');
    if (round === 1) t.match(document, /^HTTP\/1\.1 503 [\s\S]*"type":"urn:understudy:too-many-files"/);
    await leave();
    for (const path of ['/pagecall/v1/users/user-42', '/__admin/openapi/conductor.json', '/__admin/ui'])
      t.equal(await statusOnceIn(url + path), 200, `${path} after the others have closed`);
  }
  t.equal(server.process.exitCode, null, 'the server keeps running');
  const { code } = await server.end('SIGTERM');
  t.equal(code, 0);
}

t.test('excess connections are rejected with sandboxes in memory', { skip }, (t) => checkConnectionLimit(t, []));
t.test('excess connections are rejected with sandboxes in files', { skip }, (t) =>
  checkConnectionLimit(t, ['--data', t.testdir({})]),
);

/** How a start runs out of descriptors: before the command is loaded, or while it opens what it needs. */
const TOO_LOW =
  /^exited with 2: understudy: (The limit of open files is too low to start \(ulimit -n\); raise it, e\.g\. ulimit -n 4096|Too many files and connections are open \(ulimit -n\); raise the limit, e\.g\. ulimit -n 4096|--contract conductor=\S+: too many files and connections are open; raise the limit \(ulimit -n\))\.\n$/;
/** Node itself cannot open the command's file with fewer; with so many every start succeeds. */
const [LOWEST, ENOUGH] = [20, 100];

for (const [what, argsOf] of [
  ['in memory', () => []],
  ['with a data folder and HTTPS', (t: Test) => ['--data', t.testdir({}), '--tls', '0']],
  [
    'with a published document',
    () => ['--contract', `conductor=${join(SOURCES, 'test/published/conductor-larger.yaml')}`],
  ],
] as const)
  t.test(`${what}, a limit too low for the start is reported in one sentence`, { skip }, async (t) => {
    const args = argsOf(t);
    let reported = 0;
    for (let limit = LOWEST; limit < ENOUGH; limit++) {
      const started = await startProcess(t, args, {}, { limit: `-n ${limit}` }).catch((error: Error) => error.message);
      if (typeof started === 'string') {
        t.match(started, TOO_LOW, `${limit} files`);
        reported++;
        continue;
      }
      t.ok(reported > 0, `starts with ${limit} files`);
      t.equal(await statusOnceIn(`${started.url}/pagecall/v1/users/user-42`), 200, 'and serves');
      t.equal((await started.end('SIGTERM')).code, 0);
      return;
    }
    t.fail(`no start with ${ENOUGH} files`);
  });
