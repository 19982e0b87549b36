// What may differ from sandbox to sandbox, and the form it is written in.
import { z } from 'zod';
import { Delay } from '../faults/delays.ts';

/** Where the server is reached from outside; a slash at the end would be doubled in links. */
const publicUrl = z
  .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
  .transform((url) => url.replace(/\/+$/, ''));

/** Settings as somebody gives them: those that shall differ from the server's; null takes one away. */
export const SettingsChange = z
  .strictObject({
    auth: z.enum(['spec', 'strict']),
    mode: z.enum(['strict', 'example']),
    delay: Delay.nullable(),
    seed: z.string().min(1).max(200).nullable(),
    publicUrl: publicUrl.nullable(),
  })
  .partial();
export type SettingsChange = z.output<typeof SettingsChange>;

/** How strictly keys are looked at: as the published contract says, or only the known ones. */
export type AuthMode = 'spec' | 'strict';

/** The settings of a sandbox. */
export interface Settings {
  readonly auth: AuthMode;
  /** `example` is for SDK suites that were generated from a published document; see the providers' notes. */
  readonly mode: 'strict' | 'example';
  readonly delay: Delay | null;
  /** Makes ids repeatable; null gives random ones. */
  readonly seed: string | null;
  /** What links back to the sandbox start with; null takes the Host of the request. */
  readonly publicUrl: string | null;
}

export const DEFAULT_SETTINGS: Settings = { auth: 'spec', mode: 'strict', delay: null, seed: null, publicUrl: null };

/** Settings with some of them changed. */
export function withChange(settings: Settings, change: SettingsChange): Settings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}

/** The same as shown. */
export const SettingsShown = z.strictObject({
  auth: z.enum(['spec', 'strict']),
  mode: z.enum(['strict', 'example']),
  delay: Delay.nullable(),
  seed: z.string().nullable(),
  publicUrl: z.string().nullable(),
});
