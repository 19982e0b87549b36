// What agents answer: scripted in `replies.json`, else an echo, so that tests get the same text every time (our choice).
import type { Replies } from './schema.ts';

/** The text an agent answers with: the first rule that fits, letter case ignored. */
export function replyText({ replies }: Replies, agentId: string, content: string): string {
  const asked = content.toLowerCase();
  const rule = replies.find(
    ({ contains = '', agent_id = agentId }) => agent_id === agentId && asked.includes(contains.toLowerCase()),
  );
  return rule?.text ?? `You said: ${content}`;
}
