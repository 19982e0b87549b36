// Sandbox settings: their types, schemas and defaults.
import { z } from 'zod';
import { Delay } from '../faults/delays.ts';
import { withoutTrailingSlashes } from './trailing-slashes.ts';

/** The server's public base URL; a trailing slash is removed, since it would be doubled in links. */
const publicUrl = z
  .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
  .transform(withoutTrailingSlashes);

/** A change of settings: only the members to override; null clears a nullable one. */
export const SettingsChange = z
  .strictObject({
    auth: z.enum(['spec', 'strict']),
    mode: z.enum(['strict', 'example']),
    delay: Delay.nullable(),
    seed: z.string().min(1).max(200).nullable(),
    repeatable: z.boolean(),
    publicUrl: publicUrl.nullable(),
  })
  .partial();
/** A change of settings. */
export type SettingsChange = z.output<typeof SettingsChange>;

/** Key check: `spec` accepts what the published contract accepts, `strict` only the listed keys. */
export type AuthMode = 'spec' | 'strict';

/** The settings of a sandbox. */
export interface Settings {
  readonly auth: AuthMode;
  /** `example` accepts the requests of SDK suites generated from a published document; see the providers' notes. */
  readonly mode: 'strict' | 'example';
  readonly delay: Delay | null;
  /** Makes ids deterministic; null for random ids. */
  readonly seed: string | null;
  /**
   * Makes a sandbox the same whatever the order of concurrent requests: generated ids and request ids depend on the seed
   * and on the request, and a frozen clock moves by 1 ms with each request.
   */
  readonly repeatable: boolean;
  /** The base of links back to the sandbox; null uses the request's Host. */
  readonly publicUrl: string | null;
}

/** The settings of a server started without options. */
export const DEFAULT_SETTINGS: Settings = {
  auth: 'spec',
  mode: 'strict',
  delay: null,
  seed: null,
  repeatable: false,
  publicUrl: null,
};

/** The settings with a change applied. */
export function withChange(settings: Settings, change: SettingsChange): Settings {
  const changes = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(changes) };
}

/** The settings as the control plane returns them. */
export const SettingsShown = z.strictObject({
  auth: z.enum(['spec', 'strict']),
  mode: z.enum(['strict', 'example']),
  delay: Delay.nullable(),
  seed: z.string().nullable(),
  repeatable: z.boolean(),
  publicUrl: z.string().nullable(),
});
