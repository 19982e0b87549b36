// Descriptions of a served document: copies them from the contract, and marks Understudy's additions.
import type { Contract, ContractOperation } from '../provider/contract.ts';
import type { Provider } from '../provider/provider.ts';

type Node = Record<string, unknown>;

/** The note on an addition, by its `x-source`. */
const SOURCES: Readonly<Record<string, string>> = {
  choice: 'Added by Understudy: our choice.',
  documented: "Added by Understudy: the provider's written documentation says so, its OpenAPI document does not.",
  sdk: "Added by Understudy: known from the provider's own SDK.",
};

/** Adds the contract's descriptions and examples to a generated document, in place, and marks additions. */
export function withDescriptions(document: Contract, contract: Contract, provider: Provider): void {
  document.info = { ...contract.info, description: preamble(contract) };
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const published = contract.paths[path]?.[method] as ContractOperation;
      const note = { ...provider.notes }[operation.operationId as string];
      operation.description = sentences(marked(published), note);
      describeOperation(operation, published, contract);
    }
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    describeSchema(schema as Node, contract.components.schemas[name], contract);
  }
}

/** The document's introduction: additions, webhooks and deviations. */
function preamble(contract: Contract): string {
  const deviations = contract['x-understudy-deviations'] ?? [];
  const webhooks = Object.values(contract['x-understudy-webhooks'] ?? {});
  const items = (lines: string[]) => lines.map((line) => `\n- ${line}`).join('');
  const parts = [contract.info.description, 'This document includes the additions; each is marked in its description.'];
  if (webhooks.length > 0) {
    const lines = webhooks.map(({ post }) => `**${post.summary}.** ${post.description}`);
    parts.push(`Webhooks that are sent:\n${items(lines)}`);
  }
  if (deviations.length > 0) {
    const lines = deviations.map(
      ({ where, published, ours, why }) => `**${where}**: published ${shown(published)}, here ${shown(ours)}. ${why}`,
    );
    parts.push(`Deviations from what the provider publishes, and why:\n${items(lines)}`);
  }
  return parts.join('\n\n');
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : `\`${JSON.stringify(value)}\``;
}

function describeOperation(operation: ContractOperation, published: ContractOperation, contract: Contract): void {
  for (const parameter of operation.parameters ?? []) {
    const same = (one: typeof parameter) => one.in === parameter.in && sameName(one.name, parameter.name);
    const source = (published.parameters as (typeof parameter)[]).find(same) as typeof parameter;
    // Generated header names are in lower case; the contract has the usual spelling.
    Object.assign(parameter, { name: source.name, description: marked(source) });
  }
  if (operation.requestBody !== undefined) {
    const source = published.requestBody as NonNullable<ContractOperation['requestBody']>;
    Object.assign(operation.requestBody, { description: (source as Node).description });
    describeContent(operation.requestBody.content, source.content, contract);
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    const source = published.responses[status] as ContractOperation['responses'][string];
    response.description = marked(source);
    describeContent(response.content, source.content, contract);
    for (const [name, header] of Object.entries({ ...response.headers })) {
      for (const [one, words] of Object.entries({ ...source.headers }))
        if (sameName(one, name)) Object.assign(header, { description: (words as Node).description });
    }
  }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

type Content = Record<string, { schema: object }> | undefined;

function describeContent(content: Content, published: Content, contract: Contract): void {
  for (const [type, { schema }] of Object.entries({ ...content }))
    describeSchema(schema as Node, published?.[type]?.schema, contract);
}

/** Both schemas have the same structure, though references and `null` may be written differently. */
function describeSchema(schema: Node, published: unknown, contract: Contract): void {
  // A referenced schema is described in its own place.
  if (schema.$ref !== undefined) return;
  const source = resolved(published, contract);
  const described = marked(source);
  if (described !== '') schema.description ??= described;
  for (const key of ['example', 'deprecated']) if (source[key] !== undefined) schema[key] ??= source[key];
  const properties = { ...(source.properties as Node | undefined) };
  for (const [name, one] of Object.entries({ ...(schema.properties as Record<string, Node> | undefined) }))
    describeSchema(one, properties[name], contract);
  if (schema.items !== undefined) describeSchema(schema.items as Node, source.items, contract);
}

/** The schema with its references resolved; empty when there is none. */
function resolved(node: unknown, contract: Contract): Node {
  const { $ref, ...own } = { ...(node as { $ref?: string } | undefined) };
  if ($ref === undefined) return own;
  return { ...resolved(contract.components.schemas[$ref.replace('#/components/schemas/', '')], contract), ...own };
}

/** The description of a part of the contract, with a note if it is an addition. */
function marked(node: object): string {
  const { description, 'x-source': source } = node as Node;
  return sentences(description, SOURCES[String(source)]);
}

function sentences(...parts: unknown[]): string {
  return parts.filter(Boolean).join(' ');
}
