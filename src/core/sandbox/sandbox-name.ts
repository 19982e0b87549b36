// Sandbox names: validation, and which sandbox a request addresses.
import { Problem } from '../problem.ts';

/** The sandbox of requests that name none. */
export const DEFAULT_SANDBOX = 'default';
const NAME = /^[A-Za-z0-9-]{1,64}$/;
const SUFFIX = /sbx_([A-Za-z0-9-]{1,64})$/;

/** Whether the text is a valid name of a sandbox or snapshot. */
export function isSandboxName(text: string): boolean {
  return NAME.test(text);
}

/**
 * The sandbox that a provider request addresses: the `X-Understudy-Sandbox` header, else the suffix of a credential,
 * else `default`.
 *
 * @throws Problem when the name is invalid
 */
export function sandboxName(header: string | string[] | undefined, credentials: readonly string[]): string {
  if (header !== undefined) return checkedName(String(header));
  for (const credential of credentials) {
    if (!credential.includes('sbx_')) continue;
    const name = SUFFIX.exec(credential)?.[1];
    if (name === undefined) {
      throw new Problem(
        400,
        'sandbox-name',
        'The key contains sbx_ but does not end in sbx_<name>; a name is 1 to 64 letters, digits and hyphens.',
      );
    }
    return name;
  }
  return DEFAULT_SANDBOX;
}

/** Returns a valid name. @throws Problem when it is not 1 to 64 letters, digits and hyphens */
export function checkedName(name: string, what: 'sandbox' | 'snapshot' = 'sandbox'): string {
  if (isSandboxName(name)) return name;
  throw new Problem(
    400,
    `${what}-name`,
    `${JSON.stringify(name.slice(0, 80))} is not a ${what} name; a name is 1 to 64 letters, digits and hyphens.`,
  );
}
