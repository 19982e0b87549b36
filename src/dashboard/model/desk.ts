// What a customer can do at the desk with a company file or one of its records: actions of the control plane.
import type { Json } from './company-record.ts';

/** An action at the customer's desk. */
export interface DeskAction {
  readonly label: string;
  /** Below `/__admin`. */
  readonly path: string;
  readonly body: object;
  /** What is shown once it is done. */
  readonly done: string;
}

/** The state of the computer that QuickBooks runs on. */
export interface Computer {
  readonly state: 'online' | 'offline' | 'timing-out';
  readonly phase: 'before' | 'after-commit';
}

/** `online`, `offline`, `times out`, `times out after the commit`. */
export function computerText({ state, phase }: Computer): string {
  if (state !== 'timing-out') return state;
  return phase === 'before' ? 'times out' : 'times out after the commit';
}

/** What can happen to the computer. */
export function computerActions(endUserId: string): DeskAction[] {
  const action = (label: string, done: string, state: Computer['state'], phase: Computer['phase'] = 'before') => ({
    label,
    path: `${pathOf(endUserId)}/computer`,
    body: { state, phase },
    done,
  });
  return [
    action('Go online', 'The computer is online.', 'online'),
    action('Go offline', 'The computer is offline: requests fail at once.', 'offline'),
    action('Time out', 'Requests time out and have no effect.', 'timing-out'),
    action('Time out after commit', 'Requests take effect and time out.', 'timing-out', 'after-commit'),
  ];
}

/** Changes preferences; null switches a group off or clears a field. */
export function changePreferences(endUserId: string, change: Json, done: string): DeskAction {
  return { label: 'Save', path: `${pathOf(endUserId)}/preferences`, body: change, done };
}

/** Switches sales tax on, with the first codes there are as its defaults. */
export function salesTaxOn(
  endUserId: string,
  codes: readonly { readonly id: string; readonly isTaxable: boolean }[],
): DeskAction {
  const first = (taxable: boolean) => ({ id: codes.find(({ isTaxable }) => isTaxable === taxable)?.id ?? '' });
  const salesTax = { defaultTaxableSalesTaxCode: first(true), defaultNonTaxableSalesTaxCode: first(false) };
  return changePreferences(endUserId, { salesTax }, 'Sales tax is on.');
}

/** Opens or closes the window of a record. */
export function setLock(endUserId: string, id: string, locks: boolean): DeskAction {
  return locks
    ? onRecord(endUserId, id, 'lock', 'Lock', 'It is open in a window: the API cannot change or delete it.')
    : onRecord(endUserId, id, 'unlock', 'Unlock', 'Its window is closed.');
}

/** Saves a record with changes as in an update, given as JSON; without any it is saved as it is. @throws SyntaxError */
export function editRecord(endUserId: string, id: string, changes: string): DeskAction {
  const body = changes.trim() === '' ? {} : { changes: JSON.parse(changes) };
  return { ...onRecord(endUserId, id, 'edit', 'Save', 'It is saved and has a new revision number.'), body };
}

/** Deletes a record at the desk. */
export function deleteRecord(endUserId: string, id: string): DeskAction {
  return onRecord(endUserId, id, 'delete', 'Delete', 'It is deleted.');
}

function onRecord(endUserId: string, id: string, action: string, label: string, done: string): DeskAction {
  return { label, path: `${pathOf(endUserId)}/records/${encodeURIComponent(id)}/${action}`, body: {}, done };
}

function pathOf(endUserId: string): string {
  return `/conductor/end-users/${encodeURIComponent(endUserId)}`;
}

/** The preferences that the desk shows. */
export interface DeskPreferences {
  /** Empty for none. */
  readonly closingDate: string;
  readonly salesTax: boolean;
  readonly personalData: boolean;
}

/** The closing date, whether sales tax is on, and whether personal data may be read, from a company file's settings. */
export function deskPreferences(preferences: Json): DeskPreferences {
  const group = (name: string) => (preferences[name] ?? {}) as Json;
  return {
    closingDate: String(group('accounting').closingDate ?? ''),
    salesTax: (preferences.salesTax ?? null) !== null,
    personalData: group('appAccessRights').isPersonalDataAccessAllowed === true,
  };
}
