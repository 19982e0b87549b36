// What sandboxes cost: making one, resetting one, ten thousand of them; and what a thousand planned faults cost.
import { readFileSync } from 'node:fs';
import { buildServer } from '../src/server.ts';
import { load } from './load.ts';

const MANY = 10_000;
const ROUNDS = 500;

/** A measured figure beside its goal. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly most: number;
}

/** Milliseconds from request to answer, in process: a new sandbox with its first answer, and a reset. */
export async function latencies(): Promise<Figure[]> {
  const app = buildServer();
  await app.ready();
  const key = { authorization: 'Bearer k', host: 'localhost' };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  const made: number[] = [];
  const reset: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const headers = { ...key, 'x-understudy-sandbox': `bench-${n}` };
    made.push(await timed(() => app.inject({ method: 'GET', url: '/pagecall/v1/users/user-42', headers })));
    reset.push(await timed(() => app.inject({ method: 'POST', url: '/__admin/reset', headers })));
  }
  await app.close();
  // The first ones compile what all the others use.
  const figures = (what: string, all: number[]) => {
    const sorted = all.slice(ROUNDS / 5).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] as number;
    return [
      { what: `${what}, p50`, value: at(0.5), unit: 'ms', most: 1 },
      { what: `${what}, p99`, value: at(0.99), unit: 'ms', most: 3 },
    ];
  };
  return [...figures('new sandbox with its first answer', made), ...figures('reset', reset)];
}

/** Ten thousand sandboxes with one DELETE each: memory, and whether the awake ones are as quick as a single one. */
export async function crowd(port: number, pid: number): Promise<Figure[]> {
  const request = (method: string, sandbox: string) =>
    `${method} /pagecall/v1/users/user-42 HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer k_sbx_${sandbox}\r\n\r\n`;
  await load(
    port,
    Array.from({ length: MANY }, (_, n) => request('DELETE', `s${n}`)),
  );
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  const gets = (names: (n: number) => string) =>
    Array.from({ length: MANY }, (_, n) => request('GET', names(n)).replace('user-42', 'user-17'));
  const awake = await load(
    port,
    gets((n) => `s${MANY - 1 - (n % 500)}`),
  );
  const single = await load(
    port,
    gets(() => `s${MANY - 1}`),
  );
  return [
    { what: `${MANY} sandboxes, each with one DELETE`, value: resident, unit: 'MiB', most: 2048 },
    { what: 'time of a request to 500 awake ones against one', value: single / awake, unit: 'times', most: 1.3 },
  ];
}

/** A thousand rules that do not match, against none: how much longer a DELETE of nobody takes. */
export async function rules(port: number): Promise<Figure[]> {
  const url = `http://127.0.0.1:${port}/__admin`;
  const requests = Array.from(
    { length: MANY },
    (_, n) =>
      `DELETE /conductor/v1/end-users/nobody${n} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk_x\r\n\r\n`,
  );
  await fetch(`${url}/faults`, { method: 'DELETE' });
  const free: number[] = [];
  const ruled: number[] = [];
  for (let round = 0; round < 3; round++) {
    free.push(await load(port, requests, 404));
    for (let n = 0; n < 1000; n++) {
      const rule = { match: { operation: 'endUsers.delete', id: `somebody${n}` }, effect: { status: 503 } };
      await fetch(`${url}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rule),
      });
    }
    ruled.push(await load(port, requests, 404));
    await fetch(`${url}/faults`, { method: 'DELETE' });
  }
  return [
    {
      what: 'time of a DELETE with 1,000 rules planned against none',
      value: Math.max(...free) / Math.max(...ruled),
      unit: 'times',
      most: 1.1,
    },
  ];
}
