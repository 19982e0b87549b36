// Explored commands of the tests: `node account.js <what>`, with base URLs and keys from the environment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const { env } = process;
const END_USERS = `${env.CONDUCTOR_BASE_URL}/end-users`;

/** A call; throws for an error response, and reads the whole body. With `fetch`, a process takes twice as long. */
async function call(method: string, url: string, key: string, body?: object): Promise<Record<string, unknown>> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const asked = request(url, {
    method,
    signal: AbortSignal.timeout(Number(env.TIMEOUT ?? 60_000)),
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    },
  }).end(text);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let received = '';
  for await (const data of response.setEncoding('utf8')) received += data;
  if (Number(response.statusCode) >= 300) throw new Error(`${response.statusCode} ${received}`);
  return JSON.parse(received);
}

const conductor = (method: string, path = '', body?: object) =>
  call(method, END_USERS + path, String(env.CONDUCTOR_SECRET_KEY), body);
const deletePagecall = () => call('DELETE', `${env.PAGECALL_BASE_URL}/users/user-42`, String(env.PAGECALL_API_KEY));
const person = (name: string, sourceId = name) => ({ companyName: name, sourceId, email: `${name}@example.com` });
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Retries everything once, and says nothing about it. */
const twice = (work: () => Promise<unknown>) => work().catch(work);

const COMMANDS: Readonly<Record<string, () => Promise<unknown>>> = {
  'delete-two': async () => {
    await deletePagecall();
    await conductor('DELETE', '/end_usr_alice000000042');
  },
  create: () => conductor('POST', '', person('a')),
  'create-many': async () => {
    const made = await Promise.allSettled(NAMES.map((name) => twice(() => conductor('POST', '', person(name)))));
    for (const one of made) if (one.status === 'rejected') throw one.reason;
  },
  // A new source id for each attempt, as code without an idempotency key has it.
  'create-twice': () => {
    let attempt = 0;
    return twice(() => conductor('POST', '', person('a', `order-000000000${attempt++}`)));
  },
  'create-random': async () => {
    const made = await conductor('POST', '', person('a', `order-${Math.random()}`));
    await conductor('GET', `/${made.id}`);
  },
  'create-and-delete': async () => {
    const made = await conductor('POST', '', person('a'));
    await conductor('DELETE', `/${made.id}`).catch(() => {});
  },
  /** Sends the time, in seconds. */
  'create-at': () => conductor('POST', '', person('a', `a, ${new Date().toISOString().slice(0, 19)}Z`)),
  read: () => conductor('GET'),
  /** Leaves a process behind that has left its group, and has the same output. */
  daemon: async () => {
    await conductor('GET');
    spawn(process.execPath, ['-e', 'setTimeout(() => {}, 10_000)'], { detached: true, stdio: 'inherit' }).unref();
  },
  'read-500': async () => {
    for (let n = 0; n < 500; n++) await conductor('GET');
  },
  'read-or-crash': () => conductor('GET').catch(() => process.kill(process.pid, 'SIGKILL')),
  'ignore-failures': () => deletePagecall().catch(() => {}),
  nothing: async () => console.log('I call nobody.'),
  'wrong-path': () => conductor('GET', '/a/b/c').catch(() => {}),
  hang: () => wait(60_000),
  /** Passes once, then fails; the file in STATE remembers. */
  'pass-once': async () => {
    await conductor('GET');
    appendFileSync(String(env.STATE), '.');
    if (readFileSync(String(env.STATE), 'utf8').length > 1) throw new Error('not again');
  },
  /** Calls twice in the first two runs, and once later. */
  'fewer-later': async () => {
    appendFileSync(String(env.STATE), '.');
    await conductor('GET');
    if (readFileSync(String(env.STATE), 'utf8').length < 3) await conductor('GET');
  },
  'create-51': async () => {
    for (let n = 0; n < 51; n++) await conductor('POST', '', person(`${'long-'.repeat(10)}${n}`));
  },
  /** Makes one more call each time. */
  'more-each-time': async () => {
    appendFileSync(String(env.STATE), '.');
    for (const _ of readFileSync(String(env.STATE), 'utf8')) await conductor('GET');
    await conductor('POST', '', person('a'));
  },
};

await COMMANDS[String(process.argv[2])]?.();
