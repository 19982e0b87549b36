// The providers as a test sees them: where each is in a sandbox, its keys, its rows.
import type { Settings } from '../core/sandbox/settings.ts';

/** Where a provider with one kind of key is, in one sandbox. */
export interface KeyAccess {
  /** For an SDK's `baseURL`, without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Where a provider with two kinds of keys is, in one sandbox. */
export interface KeyPairAccess {
  /** For an SDK's `baseURL`, without a slash at the end. */
  readonly baseUrl: string;
  /** For servers. */
  readonly secretKey: string;
  /** For browsers. */
  readonly publishableKey: string;
}

/** The providers in one sandbox. Their keys name it, so whoever uses them needs to know nothing of Understudy. */
export interface Providers {
  readonly proficient: KeyPairAccess;
  readonly pagecall: KeyAccess;
  readonly conductor: KeyPairAccess;
}

/** Rows by provider and resource, in the APIs' own words; keys, replies and passthrough stand beside them. */
export type SandboxState = { readonly [provider in keyof Providers]?: Readonly<Record<string, unknown>> };

/** A sandbox as the control plane describes it. */
export interface Described {
  readonly name: string;
  readonly settings: Settings;
  readonly providers: Providers;
}
