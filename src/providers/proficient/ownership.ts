// Access to interactions and messages: an unknown id gets 404, another user's 403 (our choice; both are declared).
import type { Call } from '../../core/http/call.ts';
import type { Client } from './components.ts';
import { forbidden, notFound } from './errors.ts';
import type { InteractionRow, MessageRow } from './schema.ts';

/** The caller's interaction of that id. Throws Failure resource_not_found or forbidden. */
export function ownInteraction({ db, caller }: Call<Client>, id: string): InteractionRow {
  const row = db.get<InteractionRow>('select * from proficient_interactions where id = ?', id);
  if (row === undefined) throw notFound('interaction', id);
  if (row.user_id !== caller.userId) throw forbidden('You may not access this interaction.');
  return row;
}

/** The message of that id in one of the caller's interactions. Throws Failure resource_not_found or forbidden. */
export function ownMessage({ db, caller }: Call<Client>, id: string): MessageRow & { agent_id: string } {
  const row = db.get<MessageRow & { agent_id: string; user_id: string }>(
    'select m.*, i.agent_id, i.user_id from proficient_messages m join proficient_interactions i on i.id = m.interaction_id where m.id = ?',
    id,
  );
  if (row === undefined) throw notFound('message', id);
  if (row.user_id !== caller.userId) throw forbidden('You may not access this message.');
  return row;
}
