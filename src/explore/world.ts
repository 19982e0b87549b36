// Where the runs of an exploration take place: a server, the explored code, and sandboxes that begin alike.
import { type ControlPlane, ControlPlaneError } from '../library/control-plane.ts';
import type { Described } from '../library/providers.ts';
import type { Sandbox, SandboxOptions } from '../library/sandbox.ts';
import type { Ended } from './verdict.ts';

/** The explored code: runs it to its end in a sandbox. A signal, a time-out and an exit code are results, not errors. */
export type Subject = (sandbox: Sandbox, environment: Described['providers'], limitMs: number) => Promise<Ended>;

/** Where runs take place. */
export interface World {
  readonly control: ControlPlane;
  readonly subject: Subject;
  readonly seed: string;
  /** The sandbox that every run starts as a copy of; its clock is frozen. */
  readonly origin: string;
  /** The time of its clock, in ms since the epoch. */
  readonly start: number;
}

/** Creates a sandbox; one that an interrupted exploration left under this name is deleted first. */
export async function createSandbox(
  control: ControlPlane,
  options: SandboxOptions & { readonly name: string },
): Promise<Described> {
  const create = async () => await control.call<Described>('POST', '/sandboxes', { body: options });
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof ControlPlaneError) || error.status !== 409) throw error;
    await control.call('DELETE', `/sandboxes/${options.name}`);
    return await create();
  }
}
