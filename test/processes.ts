// Two server processes behind nginx, every way to name a sandbox, and a client for tests.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { Test } from 'tap';
import { PROVIDERS } from '../src/providers/index.ts';
import { startNginx } from './nginx.ts';
import { type Running, startProcess } from './process.ts';

export interface ProcessResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: any;
}
/** Sends a request and reads the response. */
export type SendRequest = (
  method: string,
  path: string,
  headers?: Record<string, string>,
  json?: unknown,
) => Promise<ProcessResponse>;

const CLIENTS = 16;

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

/** Sends requests to one address; `host` may be any, as behind a proxy. */
function client(url: string): SendRequest {
  return async (method, path, headers = {}, json) => {
    const body = json === undefined ? '' : JSON.stringify(json);
    const typed = body === '' ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) };
    const asked = request(url + path, { method, agent, headers: { ...typed, ...headers } }).end(body);
    const [answer] = await once(asked, 'response');
    let text = '';
    for await (const data of answer.setEncoding('utf8')) text += data;
    const isJson = /json/.test(answer.headers['content-type'] ?? '') && text !== '';
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Every way to name a sandbox: method, path, headers. Any status is a valid response. */
export function waysOf(name: string): [string, string, Record<string, string>?][] {
  const header = { 'x-understudy-sandbox': name };
  const other = bearer('sk_sbx_somebody-else');
  return [
    ...PROVIDERS.flatMap(({ mount, base, hosts, pages = [], sampleKeys }): ReturnType<typeof waysOf> => {
      const key = bearer(Object.values(sampleKeys(name))[0] as string);
      const shown = (path: string) => path.replace(/\{\w+\}/g, 'x');
      return [
        ['GET', `${mount}${base}/users`, key],
        ['GET', `${mount}${base}/nowhere?sandbox=not-heeded`, { ...header, ...other }],
        ['GET', `${mount.toUpperCase()}${base}`, key],
        ...hosts.map((host): [string, string, Record<string, string>] => ['GET', `${base}/users`, { ...key, host }]),
        ...pages.flatMap(
          ({ method, path }): ReturnType<typeof waysOf> => [
            [method, `${mount}${shown(path)}?key=x&sandbox=${name}`, { 'x-understudy-sandbox': 'not-heeded' }],
            [method, `${shown(path)}?sandbox=${name}`, { host: hosts[0] as string }],
            [method, mount + shown(path), header],
          ],
        ),
      ];
    }),
    ['GET', '/proficient/users', { 'x-proficient-api-key': `pk_sbx_${name}`, 'x-proficient-user-external-id': 'x' }],
    ['GET', '/proficient/users', { ...bearer(`sk_sbx_${name}`), 'x-proficient-api-key': 'pk_sbx_not-heeded' }],
    ['GET', '/pagecall/v1/users', { ...bearer(`sbx_${name}`), 'x-proficient-api-key': 'pk_sbx_not-heeded' }],
    ['GET', '/v1/nowhere', bearer(`sk_sbx_${name}`)],
    ['GET', `/__admin/state?provider=pagecall&sandbox=${name}`, other],
    ['GET', '/__admin/clock?sandbox=not-heeded', { ...header, ...other }],
    ['GET', `/__admin/docs?sandbox=${name}`],
    ['GET', `/__admin/sandboxes/${name}`, { 'x-understudy-sandbox': 'not-heeded' }],
    ['PATCH', `/__admin/sandboxes/${name}`],
  ];
}

/** Runs `work` on each item, with as many in parallel as there are clients. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const one = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: CLIENTS }, one));
}

/** Starts two processes behind nginx. */
export async function startProcesses(t: Test) {
  t.teardown(() => agent.destroy());
  const processes = (await Promise.all([startProcess(t), startProcess(t)])) as [Running, Running];
  const [a, b] = processes.map(({ url }) => new URL(url).host) as [string, string];
  const url = await startNginx(t, [a, b]);
  const direct = new Map(processes.map((one) => [new URL(one.url).host, client(one.url)]));
  const held = async (host: string): Promise<string[]> => {
    const { body } = await (direct.get(host) as SendRequest)('GET', '/__admin/sandboxes?limit=1000');
    return body.sandboxes.map(({ name }: { name: string }) => name).filter((name: string) => name !== 'default');
  };
  const ask = client(url);
  const home = async (name: string) =>
    String((await ask('GET', `/__admin/clock?sandbox=${name}`)).headers['x-understudy-process']);
  return { url, ask, processes, hosts: [a, b] as const, direct, held, home };
}
