// Ends a server in the middle of a burst of writes, and looks at what the next one finds.
import { Agent, request } from 'node:http';
import type { Test } from 'tap';
import { startProcess } from './process.ts';

/** What one end left behind. */
export interface Shutdown {
  code: number | null;
  /** Writes that were answered with success. */
  answered: number;
  /** Writes that got no answer, but an end of the connection. */
  unanswered: number;
  /** Users that were answered for and are not there. */
  lost: string[];
  /** Users that are there though nobody was told. */
  unacknowledged: string[];
  /** Answers that broke off. */
  broken: number;
}

const CLIENTS = 16;

/** Has many clients write until, after so many answers, the server is told to end. */
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

/** Makes a user; `none` when the connection ended before an answer began. */
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
