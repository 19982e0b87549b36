// Names of sandboxes: which are ones, and which one a request means.
import { Problem } from '../problem.ts';

export const DEFAULT_SANDBOX = 'default';
const NAME = /^[A-Za-z0-9-]{1,64}$/;
const SUFFIX = /sbx_([A-Za-z0-9-]{1,64})$/;

/** Whether a sandbox or a snapshot may be called so. */
export function isSandboxName(text: string): boolean {
  return NAME.test(text);
}

/** The sandbox a provider request belongs to: header, then key suffix, then `default`. */
export function sandboxName(header: string | string[] | undefined, credentials: readonly string[]): string {
  if (header !== undefined) return checkedName(String(header));
  for (const credential of credentials) {
    if (!credential.includes('sbx_')) continue;
    const name = SUFFIX.exec(credential)?.[1];
    if (name === undefined) {
      throw new Problem(
        400,
        'sandbox-name',
        'Bad sandbox name',
        'The key contains sbx_ but does not end in sbx_<name>; a name is 1 to 64 letters, digits and hyphens.',
      );
    }
    return name;
  }
  return DEFAULT_SANDBOX;
}

/** @throws Problem when the name is not 1 to 64 letters, digits and hyphens */
export function checkedName(name: string, what: 'sandbox' | 'snapshot' = 'sandbox'): string {
  if (isSandboxName(name)) return name;
  throw new Problem(
    400,
    `${what}-name`,
    `Bad ${what} name`,
    `${JSON.stringify(name.slice(0, 80))} is no ${what} name; a name is 1 to 64 letters, digits and hyphens.`,
  );
}
