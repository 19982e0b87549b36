// A thousand slow connections: others are served, the slow ones are disconnected, and their memory is released.
import { fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../harness.ts';

const HEADERS = 485;
const BODIES = 485;
const READERS = 30;
/** Journal entries that a slow reader requests, 16 KiB each: more than the socket buffers hold. */
const ENTRIES = 1000;
const MIB = 1024 * 1024;

interface Memory {
  held: number;
  rss: number;
  connections: number;
}

async function server(t: Test): Promise<{ url: string; memory(): Promise<Memory> }> {
  const child = fork(join(ROOT, 'test/slow-server.js'), { execArgv: ['--expose-gc'], env: { PATH: process.env.PATH } });
  t.teardown(() => child.kill());
  const told = <T>() => new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)));
  const { url } = await told<{ url: string }>();
  return {
    url,
    memory: () => {
      const answer = told<Memory>();
      child.send('memory');
      return answer;
    },
  };
}

/** Other clients use one connection. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function ask(url: string, method: string, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer k', 'content-length': body.length };
    request(url, { method, agent, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode as number));
    })
      .once('error', reject)
      .end(body);
  });
}

t.test(
  'slow headers, slow bodies and slow readers are disconnected while others are served',
  { timeout: 120_000 },
  async (t) => {
    const { url, memory } = await server(t);
    const raw = 'x'.repeat(16_000);
    for (let n = 0; n < ENTRIES; n++) await ask(`${url}/pagecall/v1/users`, 'POST', raw);
    const before = await memory();
    const trickles: NodeJS.Timeout[] = [];
    let ended = 0;
    const sockets: Socket[] = [];
    const open = async (text: string, more?: string) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.once('close', () => ended++);
      await new Promise((resolve) => socket.once('connect', resolve));
      sockets.push(socket);
      socket.write(text);
      if (more === undefined) socket.pause();
      else {
        socket.resume();
        trickles.push(setInterval(() => socket.writable && socket.write(more), 250));
      }
    };
    await Promise.all([
      ...Array.from({ length: HEADERS }, () => open('GET /pagecall/v1/users HTTP/1.1\r\nhost: x\r\n', 'x-more: y\r\n')),
      ...Array.from({ length: BODIES }, () =>
        open('POST /pagecall/v1/users HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n', 'x'),
      ),
    ]);
    let full = await memory();
    // Connections are in the system's queue before the server accepts them.
    while (full.connections < sockets.length && ended === 0) full = await memory();
    t.ok(full.connections >= sockets.length, `${full.connections} are open at once`);
    // Measured here, because building the large responses takes the server a while.
    await Promise.all(
      Array.from({ length: READERS }, () =>
        open(`GET /__admin/requests?limit=${ENTRIES} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
      ),
    );
    let served = 0;
    let most = 0;
    // Until the last slow connection is closed, others send requests over their own connection.
    // Minus their own connection, if it is open.
    for (let left = full.connections; left > 1; ) {
      const status = await ask(`${url}/pagecall/v1/users/user-42`, 'GET');
      if (status === 200) served++;
      else t.fail(`got ${status}`);
      if (served % 50 > 0) continue;
      const now = await memory();
      left = now.connections;
      most = Math.max(most, now.rss);
    }
    for (const trickle of trickles) clearInterval(trickle);
    agent.destroy();
    // A paused socket emits `end` only when it is read.
    const gone = sockets.map((socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.resume();
    await Promise.all(gone);
    const after = await memory();
    t.ok(served > 0, `${served} others were served meanwhile`);
    t.equal(ended, HEADERS + BODIES + READERS, 'all slow connections were closed');
    t.comment(
      `${ended} slow connections, ${served} others served; held ${mib(before.held)} MiB before and ${mib(after.held)} after, ${mib(most)} MiB resident at most`,
    );
    // The memory a slow reader may use (its response as text, as bytes, and the source data), and what may remain
    // afterwards.
    t.ok(after.held - before.held < 16 * MIB, `${mib(after.held - before.held)} MiB are not released`);
    t.ok(most - before.rss < READERS * 64 * MIB, `${mib(most - before.rss)} MiB more than before at most`);
  },
);

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
