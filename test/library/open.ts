// Starts a server through the library for a test, closes it afterwards; every response is checked against its schema.
import type { Test } from 'tap';
import { type Sandbox, type StartOptions, startUnderstudy, type Understudy } from '../../src/index.ts';

export const ALICE = 'end_usr_alice000000042';

/** Both ways to reach one: over a socket and in process. */
export const WAYS = [
  { way: 'over a socket', port: 0 },
  { way: 'in process', port: false },
] as const;

export async function open(t: Test, options: StartOptions = {}): Promise<Understudy> {
  const understudy = await startUnderstudy({ checkAnswers: true, ...options });
  t.teardown(() => understudy.close());
  return understudy;
}

/** The headers of a client with a key. */
export const keyed = (key: string) => ({ authorization: `Bearer ${key}` });

/** Sends a request for Alice, Conductor's end-user. */
export const requestAlice = (understudy: Understudy, { conductor }: Sandbox, method = 'DELETE', prefer = 'x') =>
  understudy.fetch(`${conductor.baseUrl}/end-users/${ALICE}`, {
    method,
    headers: { ...keyed(conductor.secretKey), prefer },
  });
