// "Delete my account": one person, three providers, and no transaction around them.
import Conductor from 'conductor-node';

/** What the app knows of a person: the id they have at each provider. */
export interface Person {
  proficientId: string;
  pagecallId: string;
  conductorId: string;
}

/** Where a provider is and the key for it. */
export interface Api {
  baseUrl: string;
  key: string;
  /** How long to wait for a response, in ms; ten seconds by default. */
  timeoutMs?: number;
}

export interface Providers {
  proficient: Api;
  pagecall: Api;
  conductor: Conductor;
}

/** A provider's response that was not 2xx. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
  }
}

/** One request to a provider without an SDK. */
async function send(method: 'GET' | 'DELETE', api: Api, path: string): Promise<void> {
  const response = await fetch(api.baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${api.key}` },
    // Without it, a connection that the other side holds open would hold this deletion for minutes.
    signal: AbortSignal.timeout(api.timeoutMs ?? 10_000),
  });
  const body = await response.text();
  if (!response.ok) throw new Refusal(response.status, body);
}

/** Deletes one account after the other and stops at the first error. Do not do this. */
export async function deleteAccountNaively({ proficient, pagecall, conductor }: Providers, person: Person) {
  await send('DELETE', proficient, `/users/${person.proficientId}`);
  await send('DELETE', pagecall, `/users/${person.pagecallId}`);
  await conductor.endUsers.delete(person.conductorId);
}

/** The SDK's own time-out ends with the headers: a response that breaks off in its body would keep it waiting for ever. */
async function within<T>(ms: number, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The calls for one provider, and how to read its errors. */
interface Step {
  name: string;
  remove(): Promise<unknown>;
  /** Reads the person; fails with an `isGone` error if there is no such person. */
  look(): Promise<unknown>;
  /** Whether this error says that there is no such person. */
  isGone(error: unknown): boolean;
}

function steps({ proficient, pagecall, conductor }: Providers, person: Person, limit: number): Step[] {
  const proficientUser = `/users/${person.proficientId}`;
  const pagecallUser = `/users/${person.pagecallId}`;
  return [
    {
      name: 'Proficient AI',
      remove: () => send('DELETE', proficient, proficientUser),
      look: () => send('GET', proficient, proficientUser),
      isGone: (error) => error instanceof Refusal && error.status === 404,
    },
    {
      name: 'Pagecall',
      remove: () => send('DELETE', pagecall, pagecallUser),
      look: () => send('GET', pagecall, pagecallUser),
      // Pagecall also returns 400 for a wrong key or a bad parameter; only the message tells them apart.
      isGone: (error) => error instanceof Refusal && error.status === 400 && /User not found\./.test(error.message),
    },
    {
      name: 'Conductor',
      remove: () => within(limit, conductor.endUsers.delete(person.conductorId)),
      look: () => within(limit, conductor.endUsers.retrieve(person.conductorId)),
      isGone: (error) => error instanceof Conductor.NotFoundError,
    },
  ];
}

/** Whether a retry may succeed: no response, a server error, or too many requests. */
function passes(error: unknown): boolean {
  const { status } = error as { status?: number };
  return status === undefined || status >= 500 || status === 429;
}

/**
 * Deletes a person at all three providers. It can be called again at any time: an account that is already deleted is no
 * error.
 *
 * Transient failures are retried. Any other failure does not stop the other providers; it is thrown at the end, in an
 * AggregateError that says where something may be left. When it returns, nothing is left.
 */
export async function deleteAccount(
  providers: Providers,
  person: Person,
  { attempts = 4, pauseMs = 100, limitMs = 60_000 } = {},
) {
  const results = await Promise.allSettled(
    steps(providers, person, limitMs).map((step) => finish(step, attempts, pauseMs)),
  );
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
}

async function finish(step: Step, attempts: number, pauseMs: number): Promise<void> {
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 ** (attempt - 1)));
    try {
      if (await removed(step)) return;
      last = new Error('the DELETE returned "no such user", but the user can still be read');
    } catch (error) {
      if (!passes(error)) throw new Error(`${step.name}: ${(error as Error).message}`, { cause: error });
      last = error;
    }
  }
  throw new Error(`${step.name}: ${(last as Error).message}`, { cause: last });
}

/** One attempt. A retry after a lost response gets "not found"; a read confirms it. */
async function removed(step: Step): Promise<boolean> {
  try {
    await step.remove();
    return true;
  } catch (error) {
    if (!step.isGone(error)) throw error;
  }
  try {
    await step.look();
    return false;
  } catch (error) {
    if (step.isGone(error)) return true;
    throw error;
  }
}
