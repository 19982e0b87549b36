// Types of a sandbox's providers: base URLs, keys and rows.
import type { Settings } from '../core/sandbox/settings.ts';

/** Access to a provider with one kind of key. */
export interface KeyAccess {
  /** For an SDK's `baseURL`; no trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Access to a provider with two kinds of keys. */
export interface KeyPairAccess {
  /** For an SDK's `baseURL`; no trailing slash. */
  readonly baseUrl: string;
  /** For servers. */
  readonly secretKey: string;
  /** For browsers. */
  readonly publishableKey: string;
}

/** The providers of one sandbox. Their keys identify it, so a client needs nothing but URL and key. */
export interface Providers {
  readonly proficient: KeyPairAccess;
  readonly pagecall: KeyAccess;
  readonly conductor: KeyPairAccess;
}

/** Rows by provider and resource, with the APIs' own names; keys, replies and passthrough are members beside them. */
export type SandboxState = { readonly [provider in keyof Providers]?: Readonly<Record<string, unknown>> };

/** A sandbox as the control plane describes it. */
export interface Described {
  readonly name: string;
  readonly settings: Settings;
  readonly providers: Providers;
}
