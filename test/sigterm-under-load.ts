// Shuts down a server in the middle of a burst of writes, and checks the data after a restart.
import { Agent, request } from 'node:http';
import type { Test } from 'tap';
import { startProcess } from './process.ts';

/** The result of one shutdown. */
export interface Shutdown {
  code: number | null;
  /** Acknowledged writes. */
  answered: number;
  /** Writes whose connection ended without a response. */
  unanswered: number;
  /** Acknowledged users that are missing. */
  lost: string[];
  /** Existing users whose creation was not acknowledged. */
  unacknowledged: string[];
  /** Incomplete responses. */
  broken: number;
}

const CLIENTS = 16;

/** Lets many clients write until, after a number of responses, the server gets SIGTERM. */
export async function shutDownUnderLoad(t: Test, data: string, answers: number, round: number): Promise<Shutdown> {
  const server = await startProcess(t, ['--data', data]);
  const agent = new Agent({ keepAlive: true });
  const answered: string[] = [];
  let unanswered = 0;
  let broken = 0;
  let enough = () => {};
  const burst = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const client = async (n: number) => {
    for (let k = 0; ; k++) {
      const id = `r${round}-c${n}-${k}`;
      const how = await create(`${server.url}/pagecall/v1/users`, id, agent);
      if (how === 'none') {
        unanswered++;
        return;
      }
      if (how === 'broken') broken++;
      else answered.push(id);
      if (answered.length === answers) enough();
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)));
  await burst;
  const { code } = await server.end('SIGTERM');
  await clients;
  const next = await startProcess(t, ['--data', data]);
  const state = (await (await fetch(`${next.url}/__admin/state?provider=pagecall&resource=users`)).json()) as any;
  await next.end('SIGTERM');
  const there = new Set<string>(
    state.pagecall.users
      .map(({ user_id }: { user_id: string }) => user_id)
      .filter((id: string) => id.startsWith(`r${round}-`)),
  );
  const told = new Set(answered);
  return {
    code,
    answered: answered.length,
    unanswered,
    broken,
    lost: answered.filter((id) => !there.has(id)),
    unacknowledged: [...there].filter((id) => !told.has(id)),
  };
}

/** Creates a user; `none` when the connection ended before the response began. */
function create(url: string, id: string, agent: Agent): Promise<'done' | 'none' | 'broken'> {
  return new Promise((resolve) => {
    const body = JSON.stringify({ user_id: id });
    const headers = { authorization: 'Bearer k', 'content-type': 'application/json', 'content-length': body.length };
    const asked = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('close', () => resolve(answer.complete && answer.statusCode === 200 ? 'done' : 'broken'));
    });
    asked.once('error', () => resolve('none'));
    asked.end(body);
  });
}
