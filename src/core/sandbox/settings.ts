// What may differ from sandbox to sandbox, and the form it is written in.
import { z } from 'zod';

const milliseconds = z.number().min(0).max(3_600_000);

/** How long answers are held back: always the same, or drawn from a range or a log-normal distribution. */
export const Delay = z.union([
  z.strictObject({ fixedMs: milliseconds }),
  z.strictObject({
    uniformMs: z
      .tuple([milliseconds, milliseconds])
      .refine(([least, most]) => least <= most, 'the first must not be over the second'),
  }),
  z.strictObject({ lognormal: z.strictObject({ median: milliseconds, sigma: z.number().min(0).max(10) }) }),
]);
export type Delay = z.output<typeof Delay>;

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
