// A process that may have few files and connections open: it says so, turns away what is too much, and goes on.
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { runBash, startProcess } from '../process.ts';

const skip = process.platform === 'linux' ? false : 'other systems do not tell their limit';
const LIMIT = 110;
const FEW = `understudy: Only ${LIMIT} files and connections can be open at a time (ulimit -n); further connections are rejected until others close. Raise the limit before starting, e.g. ulimit -n 4096.\n`;
const HEADERS = { authorization: 'Bearer k', connection: 'close' };

/** Opens twice as many connections as there can be; the answer closes them. */
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
  // The first is served: by the time it has its answer the others were accepted or turned away.
  await over(first, '/__admin/health');
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

/** Asks over a connection that is open already; resolves with the answer as it came. */
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

/** The status of the first answer: until the server has seen who left, others are turned away. */
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
  // Each is a file and a log where there is a data folder.
  for (let n = 0; n < 60; n++) {
    const headers = { ...HEADERS, 'x-understudy-sandbox': `s-${n}` };
    const answer = await fetch(`${url}/pagecall/v1/users/user-42`, { method: 'DELETE', headers });
    t.equal(answer.status, 200, `sandbox ${n}`);
    await answer.arrayBuffer();
  }
  for (const round of [1, 2]) {
    const { first, leave, turnedAway } = await openConnections(url);
    t.ok(turnedAway > 0, `${turnedAway} were turned away`);
    t.match(await over(first, '/pagecall/v1/users/user-42'), /^HTTP\/1\.1 200 /, 'those that are in are served');
    const document = await over(first, '/__admin/openapi/conductor.json');
    if (round === 1) t.match(document, /^HTTP\/1\.1 503 [\s\S]*"type":"urn:understudy:too-many-files"/);
    await leave();
    for (const path of ['/pagecall/v1/users/user-42', '/__admin/openapi/conductor.json', '/__admin/ui'])
      t.equal(await statusOnceIn(url + path), 200, `${path} when they have left`);
  }
  t.equal(server.process.exitCode, null, 'it goes on');
  const { code } = await server.end('SIGTERM');
  t.equal(code, 0);
}

t.test('with sandboxes in memory', { skip }, (t) => checkConnectionLimit(t, []));
t.test('with sandboxes in files', { skip }, (t) => checkConnectionLimit(t, ['--data', t.testdir({})]));

t.test('where not even the program can be read, the start says so', { skip }, async (t) => {
  for (const [limit, sentence] of [
    [20, 'Too few files may be open at a time for a start (ulimit -n); raise the limit, e.g. ulimit -n 4096.'],
    [30, 'Too many files and connections are open for this (ulimit -n); raise their limit, e.g. ulimit -n 4096.'],
  ] as const)
    t.strictSame(await runBash(`ulimit -n ${limit}; understudy --port 0`), {
      code: 1,
      out: '',
      err: `understudy: ${sentence}\n`,
    });
});
