// One sandbox, for a test: where its providers are, what happened in it, and what is to happen.
import type { z } from 'zod';
import type { Verdict as VerdictShape } from '../control/verify-requests.ts';
import type { ErasureResult } from '../core/deletions/erasure.ts';
import type { Receipt } from '../core/deletions/receipts.ts';
import type { Entry as JournalEntry } from '../core/journal/journal-entry.ts';
import type { Pattern } from '../core/journal/request-pattern.ts';
import type { ResetScope } from '../core/sandbox/reset-scopes.ts';
import type { SettingsChange } from '../core/sandbox/settings.ts';
import type { Difference, Snapshot } from '../core/sandbox/snapshots.ts';
import { SandboxClock } from './clock.ts';
import type { ControlPlane } from './control-plane.ts';
import { type ErasureOptions, NotErasedError } from './erasure.ts';
import { Faults } from './faults.ts';
import type { Described, KeyAccess, KeyPairAccess, Providers, SandboxState } from './providers.ts';

/** Settings of a sandbox, or those of all of a server that do not say otherwise. */
export type SandboxSettings = z.input<typeof SettingsChange>;

/** A sandbox that is to be made. */
export interface SandboxOptions {
  /** 1 to 64 letters, digits and hyphens; one is made up where none is given. */
  readonly name?: string;
  /** What it holds at first: the fixtures (the default), no rows, or what another sandbox, or its snapshot, holds. */
  readonly from?: 'fixtures' | 'empty' | { readonly sandbox: string; readonly snapshot?: string };
  readonly settings?: SandboxSettings;
  /** After so many seconds it goes by itself. */
  readonly ttlSeconds?: number;
}

/** How a sandbox is put back. */
export interface ResetOptions {
  /** What it holds then: the fixtures (the default), no rows, or what it held at a snapshot. */
  readonly to?: 'fixtures' | 'empty' | { readonly snapshot: string };
  /** Only these parts; all of them by default. */
  readonly scope?: readonly ResetScope[];
}

/** Which receipts are wanted; at most 9,999. */
export interface DeletionFilter {
  readonly provider?: keyof Providers;
  readonly operation?: string;
}

/** Whether as many requests came as expected (`passed`), and if not, which of them miss the pattern by one member. */
export type Verdict = z.output<typeof VerdictShape>;

/** One isolated world that holds all three providers. Every call throws a ControlPlaneError when it is refused. */
export class Sandbox implements Providers {
  readonly name: string;
  readonly proficient: KeyPairAccess;
  readonly pagecall: KeyAccess;
  readonly conductor: KeyPairAccess;
  /** Failures on demand. */
  readonly faults: Faults;
  /** The time its objects are stamped with. */
  readonly clock: SandboxClock;
  readonly #control: ControlPlane;
  #deleted = false;

  /** @internal `Understudy.sandbox` makes them. */
  constructor(control: ControlPlane, { name, providers }: Described) {
    this.#control = control;
    this.name = name;
    this.proficient = providers.proficient;
    this.pagecall = providers.pagecall;
    this.conductor = providers.conductor;
    this.faults = new Faults(control, name);
    this.clock = new SandboxClock(control, name);
  }

  /** Puts it back to the fixtures: rows, faults, requests, clock, ids and webhooks, or what the options say. */
  async reset(options: ResetOptions = {}): Promise<void> {
    await this.#call('POST', '/reset', options);
  }

  /** Keeps what it holds now under a name of 1 to 64 letters, digits and hyphens. */
  async snapshot(name: string): Promise<Snapshot> {
    return await this.#call('POST', '/snapshots', { name });
  }

  /** Puts rows, receipts and clock back to a snapshot; settings, faults and requests stay. */
  async restore(name: string): Promise<void> {
    await this.#call('POST', `/snapshots/${encodeURIComponent(name)}/restore`);
  }

  /** What was inserted, updated and deleted since a snapshot, by provider and resource; {} when nothing was. */
  async diff(name: string): Promise<Record<string, Record<string, Difference>>> {
    return await this.#call('GET', `/snapshots/${encodeURIComponent(name)}/diff`);
  }

  /** The requests it remembers that fit a pattern, newest first; all of them without one. */
  async requests(pattern: Pattern = {}): Promise<JournalEntry[]> {
    const found = await this.#call<{ requests: JournalEntry[] }>('POST', '/requests/find?limit=100000', pattern);
    return found.requests;
  }

  /** Resolves as soon as `count` requests (default 1) fit a pattern, or `timeoutMs` (default 5000) have passed. */
  async waitForRequests(
    pattern: Pattern,
    options: { readonly count?: number; readonly timeoutMs?: number } = {},
  ): Promise<Verdict> {
    return await this.#call('POST', '/requests/wait', { pattern, ...options });
  }

  /** The receipts of its deletions, newest first: what each took along, and whether its answer arrived. */
  async deletions(filter: DeletionFilter = {}): Promise<Receipt[]> {
    const path = `/deletions?${queryOf({ limit: '9999', ...filter })}`;
    const { deletions } = await this.#call<{ deletions: Receipt[] }>('GET', path);
    return deletions;
  }

  /**
   * Searches for anything left of a person, and plans the requests that remove it. `subjects` are identifiers of the
   * person, such as your own user id or an email address. Identities ever seen on the same row are searched too.
   */
  async erasureCheck(subjects: string | readonly string[], options: ErasureOptions = {}): Promise<ErasureResult> {
    return await this.#call('POST', '/erasure-checks', { subjects: [subjects].flat(), ...options });
  }

  /**
   * Runs an erasure check and resolves with its result if nothing is left.
   *
   * @throws NotErasedError whose message lists what is left and the requests that remove it
   */
  async assertErased(subjects: string | readonly string[], options: ErasureOptions = {}): Promise<ErasureResult> {
    const result = await this.erasureCheck(subjects, options);
    if (!result.clean) throw new NotErasedError(this.name, result);
    return result;
  }

  /** What it holds, in the form of fixtures; of one provider, or of one resource. */
  async state(filter: { readonly provider?: keyof Providers; readonly resource?: string } = {}): Promise<SandboxState> {
    return await this.#call('GET', `/state?${queryOf(filter)}`);
  }

  /** Adds rows, all or none, which may point at each other in any order; answers them as they are stored. */
  async addState(state: SandboxState): Promise<SandboxState> {
    return await this.#call('POST', '/state', state);
  }

  /** Replaces all rows of every provider named. */
  async replaceState(state: SandboxState): Promise<void> {
    await this.#call('PUT', '/state', state);
  }

  /** Ends it; nothing of it is left. */
  async delete(): Promise<void> {
    await this.#control.call('DELETE', `/sandboxes/${encodeURIComponent(this.name)}`);
    this.#deleted = true;
  }

  /** For `await using`: ends it where that has not been done. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#deleted) await this.delete();
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#control.call(method, path, { sandbox: this.name, body });
  }
}

function queryOf(members: Readonly<Record<string, string | undefined>>): string {
  return new URLSearchParams(
    Object.entries(members).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
  ).toString();
}
