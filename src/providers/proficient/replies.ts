// Agent replies: from `replies.json`, else an echo of the message; both are deterministic (our choice).
import type { Replies } from './schema.ts';

/** The reply to a message: the text of the first rule whose `contains` matches, case-insensitively. */
export function replyText({ replies }: Replies, agentId: string, content: string): string {
  const asked = content.toLowerCase();
  const rule = replies.find(
    ({ contains = '', agent_id = agentId }) => agent_id === agentId && asked.includes(contains.toLowerCase()),
  );
  return rule?.text ?? `You said: ${content}`;
}
