// The company file of one end-user, as the customer sees it: what happens in QuickBooks behind the API's back.
import type { SandboxCalls } from './sandbox-calls.ts';

/** What is going on at the customer's desk. */
export interface Desk {
  readonly computer: { readonly state: 'online' | 'offline' | 'timing-out'; readonly phase: 'before' | 'after-commit' };
  /** Ids of the records that are open in a window. */
  readonly locked: readonly string[];
}

/** A record or preferences as the API shows them. */
export type CompanyRecord = Readonly<Record<string, unknown>>;

/**
 * The customer at the desk where QuickBooks runs. Every method throws a ControlPlaneError when QuickBooks refuses, or
 * when there is no such end-user or record.
 */
export class CompanyFile {
  readonly #calls: SandboxCalls;
  readonly #path: string;

  /** @internal Created by `Sandbox.companyFile`. */
  constructor(calls: SandboxCalls, endUserId: string) {
    this.#calls = calls;
    this.#path = `/conductor/end-users/${encodeURIComponent(endUserId)}`;
  }

  /**
   * Edits a record, so that an update with the revision number known before is refused with 3200. The changes are those
   * of an update; without any, the record is saved as it is. Resolves to the record.
   */
  async edit(recordId: string, changes: CompanyRecord = {}): Promise<CompanyRecord> {
    return await this.#onRecord(recordId, 'edit', { changes });
  }

  /** Opens a record in a window: updates, deletes and voids are refused with 3175, those of linked ones with 3176. */
  async lock(recordId: string): Promise<Desk> {
    return await this.#onRecord(recordId, 'lock');
  }

  /** Closes the window of a record. */
  async unlock(recordId: string): Promise<Desk> {
    return await this.#onRecord(recordId, 'unlock');
  }

  /** Deletes a record, also a list object, which the API cannot delete. The feeds of deletions show it. */
  async deleteRecord(recordId: string): Promise<void> {
    await this.#onRecord(recordId, 'delete');
  }

  /** Takes the computer offline: requests fail at once with INTEGRATION_CONNECTION_NOT_ACTIVE. */
  async goOffline(): Promise<Desk> {
    return await this.#setComputer({ state: 'offline' });
  }

  /** Takes the computer online again. */
  async goOnline(): Promise<Desk> {
    return await this.#setComputer({ state: 'online' });
  }

  /** Lets requests fail with QBD_REQUEST_TIMEOUT: without effect, or after they took effect (`after-commit`). */
  async timeOut(phase: Desk['computer']['phase'] = 'before'): Promise<Desk> {
    return await this.#setComputer({ state: 'timing-out', phase });
  }

  /** Changes preferences, as `GET /preferences` shows them; null switches a group off. Resolves to all of them. */
  async changePreferences(changes: CompanyRecord): Promise<CompanyRecord> {
    return await this.#calls.call('POST', `${this.#path}/preferences`, changes);
  }

  #setComputer(computer: object): Promise<Desk> {
    return this.#calls.call('POST', `${this.#path}/computer`, computer);
  }

  #onRecord<T>(id: string, action: string, body: object = {}): Promise<T> {
    return this.#calls.call('POST', `${this.#path}/records/${encodeURIComponent(id)}/${action}`, body);
  }
}
