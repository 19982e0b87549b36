// Control-plane actions on connections: connect and disconnect an end-user without a browser. All our choice.
import { z } from 'zod';
import type { Call } from '../../core/http/call.ts';
import { Problem } from '../../core/problem.ts';
import type { Action } from '../../core/provider/provider.ts';
import { EndUser, endUserPath } from './components.ts';
import { beginConnection, completeConnection, removeConnection, undoConnection } from './connections.ts';
import { findEndUser, showEndUser } from './end-users.ts';
import type { EndUserRow } from './schema.ts';

const Connect = z.strictObject({ state: z.enum(['pending', 'connected']).default('connected') });
const Disconnect = z.strictObject({ remove: z.boolean().default(false) });

/** Conductor's actions: `connect` and `disconnect`. */
export const ACTIONS: readonly Action[] = [
  {
    name: 'connect',
    summary: 'creates the integration connection of an end-user, or sets its state',
    path: '/end-users/{id}/connect',
    params: endUserPath,
    body: Connect,
    status: 200,
    response: EndUser,
    handle(call) {
      const { state } = call.body as z.output<typeof Connect>;
      return onEndUser(call, ({ id }) => {
        if (state === 'connected') return completeConnection(call.sandbox, id);
        beginConnection(call.sandbox, id);
        undoConnection(call.sandbox, id);
      });
    },
  },
  {
    name: 'disconnect',
    summary: 'resets the integration connection of an end-user to not set up, or removes it',
    path: '/end-users/{id}/disconnect',
    params: endUserPath,
    body: Disconnect,
    status: 200,
    response: EndUser,
    handle(call) {
      const { remove } = call.body as z.output<typeof Disconnect>;
      return onEndUser(call, ({ id }) => (remove ? removeConnection(call, id) : undoConnection(call.sandbox, id)));
    },
  },
];

function onEndUser(call: Call, work: (endUser: EndUserRow) => void): z.input<typeof EndUser> {
  return call.db.transaction(() => {
    const endUser = endUserOf(call);
    work(endUser);
    return showEndUser(call.sandbox, endUser);
  });
}

/** The end-user that an action is about. @throws Problem 404 when there is none */
export function endUserOf(call: Call): EndUserRow {
  const { id } = call.params as z.output<typeof endUserPath>;
  const endUser = findEndUser(call.db, id);
  if (endUser !== undefined) return endUser;
  throw new Problem(
    404,
    'not-found',
    `Sandbox ${call.sandbox.name} has no Conductor end-user ${JSON.stringify(id)}; GET /conductor/v1/end-users lists the existing ones.`,
  );
}
