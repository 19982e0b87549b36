// Proficient messages: list, create, read, ask for a reply. They form a tree and are immutable.
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Call } from '../../core/http/call.ts';
import { Failure } from '../../core/provider/errors.ts';
import type { Operation } from '../../core/provider/provider.ts';
import { BASE62 } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Database } from '../../core/storage/database.ts';
import { requiredAgent } from './agents.ts';
import { type Client, forClients, type InteractionParticipant, Message } from './components.ts';
import { ERRORS, forbidden, notFound } from './errors.ts';
import { ownInteraction, ownMessage } from './ownership.ts';
import { page, pageQuery } from './paging.ts';
import { replyText } from './replies.ts';
import type { MessageRow, Replies } from './schema.ts';

const params = z.object({ message_id: z.string() });

export const MessagesList = z.object({ data: z.array(Message), has_more: z.boolean() });

export const MessageCreateParams = z.object({
  interaction_id: z.string(),
  content: z.string(),
  parent_id: z.string().nullish(),
});

export const MessageAskParams = z.object({ interaction_id: z.string() });

const messages_list = forClients({
  operation: 'messages_list',
  method: 'GET',
  path: '/messages',
  declared: [403, 404, 500],
  query: z.object({ interaction_id: z.string().refine((id) => id !== '', 'must not be empty'), ...pageQuery }),
  response: MessagesList,
  handle(call) {
    const { id } = ownInteraction(call, call.query.interaction_id);
    const { rows, has_more } = page<MessageRow>(
      call.db,
      // Oldest first (our choice): the official chat builds its tree from the first page.
      { kind: 'message', table: 'proficient_messages', where: 'interaction_id = ?', values: [id], order: 'asc' },
      call.query,
    );
    return { data: rows.map(toMessage), has_more };
  },
});

const messages_create = forClients({
  operation: 'messages_create',
  method: 'POST',
  path: '/messages',
  declared: [403, 404, 409, 500],
  body: MessageCreateParams,
  response: Message,
  handle(call) {
    const { db, sandbox, body } = call;
    const interaction = ownInteraction(call, body.interaction_id);
    const parentId = body.parent_id ?? null;
    const parent =
      parentId === null
        ? null
        : db.get<MessageRow>(
            'select * from proficient_messages where id = ? and interaction_id = ?',
            parentId,
            interaction.id,
          );
    if (parent === undefined) throw notFound('message', parentId as string);
    requireActive(db, interaction.agent_id);
    const row = db.transaction(() =>
      storeMessage(sandbox, {
        interaction_id: interaction.id,
        parent,
        sent_by: 'user',
        content: body.content,
        created_at: sandbox.clock.now(),
      }),
    );
    return toMessage(row);
  },
});

const messages_get = forClients({
  operation: 'messages_get',
  method: 'GET',
  path: '/messages/{message_id}',
  declared: [403, 404, 500],
  params,
  response: Message,
  handle: (call) => toMessage(ownMessage(call, call.params.message_id)),
});

const messages_ask = forClients({
  operation: 'messages_ask',
  method: 'POST',
  path: '/messages/{message_id}/ask',
  declared: [403, 404, 409, 500],
  params,
  body: MessageAskParams,
  response: Message,
  handle(call) {
    const { db, sandbox, body } = call;
    const asked = ownMessage(call, call.params.message_id);
    if (asked.interaction_id !== body.interaction_id) throw notFound('message in this interaction', asked.id);
    requireActive(db, asked.agent_id);
    if (asked.sent_by === 'agent') throw new Failure(ERRORS.conflict);
    if (pendingReplies.get(db)?.has(asked.id))
      throw new Failure(ERRORS.conflict, 'A reply to this message is being made already.');
    const replies = sandbox.document<Replies>('proficient', 'replies');
    const text = replyText(replies, asked.agent_id, asked.content);
    return replies.reply_delay_ms === 0
      ? reply(sandbox, asked, text)
      : replyLater(call, asked, text, replies.reply_delay_ms);
  },
});

export const MESSAGE_OPERATIONS: readonly Operation[] = [messages_list, messages_create, messages_get, messages_ask];

/** Stores a message and sets its interaction's `updated_at`. Must run inside a transaction. */
export function storeMessage(
  { db, ids }: Sandbox,
  message: {
    interaction_id: string;
    parent: MessageRow | null;
    sent_by: z.infer<typeof InteractionParticipant>;
    content: string;
    created_at: number;
  },
): MessageRow {
  const { interaction_id, parent, sent_by, content, created_at } = message;
  db.run('update proficient_interactions set updated_at = ? where id = ?', created_at, interaction_id);
  return db.get<MessageRow>(
    'insert into proficient_messages (id, interaction_id, parent_id, depth, sent_by, content, created_at) values (?, ?, ?, ?, ?, ?, ?) returning *',
    ids.next('msg_', 48, BASE62),
    interaction_id,
    parent?.id ?? null,
    parent === null ? 0 : parent.depth + 1,
    sent_by,
    content,
    created_at,
  ) as MessageRow;
}

/** A message in its API form; `parent_id` is always included (our choice). */
export function toMessage(row: MessageRow): z.input<typeof Message> {
  return {
    id: row.id,
    object: 'message',
    content: row.content,
    created_at: row.created_at,
    depth: row.depth,
    interaction_id: row.interaction_id,
    parent_id: row.parent_id,
    sent_by: row.sent_by,
  };
}

/**
 * Ids of messages with a pending reply, by database: a reset replaces the database, and replies from before it
 * must neither block the new one nor be written to it.
 */
const pendingReplies = new WeakMap<Database, Set<string>>();

async function replyLater(
  call: Call<Client>,
  asked: MessageRow,
  text: string,
  delay: number,
): Promise<z.input<typeof Message>> {
  const { db } = call;
  const asks = pendingReplies.get(db) ?? new Set<string>();
  pendingReplies.set(db, asks.add(asked.id));
  try {
    await setTimeout(delay);
    const exists = call.db === db && db.get('select id from proficient_messages where id = ?', asked.id);
    if (!exists) throw notFound('message', asked.id);
    return reply(call.sandbox, asked, text);
  } finally {
    asks.delete(asked.id);
  }
}

function reply(sandbox: Sandbox, asked: MessageRow, content: string): z.input<typeof Message> {
  const row = sandbox.db.transaction(() =>
    storeMessage(sandbox, {
      interaction_id: asked.interaction_id,
      parent: asked,
      sent_by: 'agent',
      content,
      created_at: sandbox.clock.now(),
    }),
  );
  return toMessage(row);
}

/** Rejects new interactions and messages of an inactive agent (documented). Throws Failure forbidden. */
function requireActive(db: Database, agentId: string): void {
  if (requiredAgent(db, agentId).active === 0) throw forbidden('The agent is not active.');
}
