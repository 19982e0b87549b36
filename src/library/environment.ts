// The environment variables that point a process, and the SDKs in it, at a sandbox.
import { PROVIDERS } from '../providers/index.ts';

/** Base URL and keys by provider, as the control plane describes a sandbox. */
export type Access = Readonly<Record<string, object>>;

/**
 * Names and values of the variables, in order.
 *
 * @param control the origin of the control plane
 */
export function environmentOf(access: Access, control: string, sandbox: string): (readonly [string, string])[] {
  const variables = PROVIDERS.flatMap(({ name, environment }) =>
    Object.entries(environment).map(
      ([member, variable]) => [variable, (access[name] as Record<string, string>)[member] as string] as const,
    ),
  );
  return [...variables, ['UNDERSTUDY_URL', control], ['UNDERSTUDY_SANDBOX', sandbox]];
}
