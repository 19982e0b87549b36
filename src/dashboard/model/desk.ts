// What a customer can do at the desk with a row of Conductor: the actions of the control plane that apply to it.
import type { Resource, Row } from '../../control/schemas.ts';

/** An action at the customer's desk. */
export interface DeskAction {
  readonly label: string;
  /** Below `/__admin`. */
  readonly path: string;
  readonly body: object;
  /** What is shown once it is done. */
  readonly done: string;
}

/** The actions on a company file or one of its records; none on other rows. */
export function deskActions({ provider, name }: Resource, row: Row): DeskAction[] {
  if (provider !== 'conductor') return [];
  const path = `/conductor/end-users/${encodeURIComponent(String(row.endUserId))}`;
  if (name === 'companyFiles') {
    const computer = (label: string, done: string, state: string, phase = 'before') => ({
      label,
      path: `${path}/computer`,
      body: { state, phase },
      done,
    });
    return [
      computer('Go online', 'The computer is online.', 'online'),
      computer('Go offline', 'The computer is offline: requests fail at once.', 'offline'),
      computer('Time out', 'Requests time out and have no effect.', 'timing-out'),
      computer('Time out after commit', 'Requests take effect and time out.', 'timing-out', 'after-commit'),
    ];
  }
  if (row.revisionNumber === undefined) return [];
  const record = (label: string, action: string, done: string) => ({
    label,
    path: `${path}/records/${encodeURIComponent(String(row.id))}/${action}`,
    body: {},
    done,
  });
  return [
    record('Save at the desk', 'edit', 'It has a new revision number.'),
    record('Lock', 'lock', 'It is open in a window: the API cannot change or delete it.'),
    record('Unlock', 'unlock', 'Its window is closed.'),
    record('Delete at the desk', 'delete', 'It is deleted.'),
  ];
}
