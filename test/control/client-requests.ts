// A client for tests of verdicts on clients: it sends requests with preferences, and reads the verdicts.
import type { Test } from 'tap';
import { listening } from '../harness.ts';

export const ALICE = '/end-users/end_usr_alice000000042';
export const LARKSPUR = 'end_usr_larkspur000001';
export const PERSON = { companyName: 'a', sourceId: 'a', email: 'a@example.com' };

export async function client(t: Test) {
  const { url, call } = await listening(t);
  /** Sends a request with preferences; resolves to null without a response. */
  const send = async (method: string, path: string, prefer = '', body?: object, more = {}): Promise<number | null> => {
    try {
      const response = await fetch(`${url}/conductor/v1${path}`, {
        method,
        headers: { authorization: 'Bearer sk_conductor_test', prefer, 'content-type': 'application/json', ...more },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      await response.text();
      return response.status;
    } catch {
      return null;
    }
  };
  const clients = async () => (await call('GET', '/__admin/clients')).body;
  /** Verdicts as `rule passed detail`. */
  const verdicts = async () => {
    const { verdicts } = await clients();
    return verdicts.map((one: { rule: string; passed: boolean; detail: string }) => [one.rule, one.passed, one.detail]);
  };
  return { url, call, send, clients, verdicts };
}
