// Descriptions of a served document: marks Understudy's additions, and introduces the document.
import type { EffectiveContract } from './overlay.ts';

/** The note on an addition, by its `x-source`. */
const SOURCES: Readonly<Record<string, string>> = {
  choice: 'Added by Understudy: our choice.',
  documented: "Added by Understudy: the provider's written documentation says so, its OpenAPI document does not.",
  sdk: "Added by Understudy: known from the provider's own SDK.",
};

/** Appends the note on its source to the description of every addition below `node`, in place. */
export function describeSources(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const { 'x-source': source, description } = node as Record<string, unknown>;
  if (typeof source === 'string') Object.assign(node, { description: sentences(description, SOURCES[source]) });
  for (const one of Object.values(node)) describeSources(one);
}

/** The document's introduction: additions, keys, webhooks and deviations. */
export function preamble(contract: EffectiveContract, withoutKey: string): string {
  const { 'x-understudy-webhooks': webhooks = {}, 'x-understudy-deviations': deviations } = contract;
  const items = (lines: string[]) => lines.map((line) => `\n- ${line}`).join('');
  const parts = [
    contract.info.description,
    '`x-understudy-additions` lists everything that Understudy adds, and `x-understudy-deviations` what it changes, each with the reason. Servers and examples are those of this sandbox.',
  ];
  parts.push(
    `**Keys.** With \`auth=spec\` any well-formed key is accepted, and a call without one is ${withoutKey}. With \`auth=strict\` only the keys of the sandbox are accepted, and a call without one is refused.`,
  );
  const sent = Object.values(webhooks).map(({ post }) => `**${post.summary}.** ${post.description}`);
  if (sent.length > 0) parts.push(`Webhooks that are sent:\n${items(sent)}`);
  const changes = deviations.map(
    ({ where, published, ours, why }) => `\`${where}\`: published ${shown(published)}, here ${shown(ours)}. ${why}`,
  );
  if (changes.length > 0) parts.push(`Where it departs from what the provider publishes, and why:\n${items(changes)}`);
  return parts.filter(Boolean).join('\n\n');
}

function shown(value: unknown): string {
  return value === null ? 'nothing' : `\`${JSON.stringify(value)}\``;
}

/** Joins sentences; empty ones are left out. */
export function sentences(...parts: unknown[]): string {
  return parts.filter(Boolean).join(' ');
}
