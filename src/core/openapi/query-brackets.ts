// Reads nested values of a query or a form, whose keys have their path in brackets: `a[b][0]=c`, `a[]=b`.
import type { Node } from './document-parts.ts';
import { valueShape } from './schema-shape.ts';

type Tree = Map<string, unknown>;

/** The value whose keys begin with `name[`; undefined when there are none. `schema` says which numbers are indexes. */
export function readBrackets(
  document: Node,
  name: string,
  texts: Readonly<Record<string, unknown>>,
  schema: unknown,
): unknown {
  const start = `${name}[`;
  const root: Tree = new Map();
  for (const [key, text] of Object.entries(texts)) {
    if (key.startsWith(start) && key.endsWith(']')) insert(root, key.slice(start.length, -1).split(']['), text);
  }
  return root.size === 0 ? undefined : nestedValue(document, root, schema);
}

/** `[]` stands for the next index, or, for a repeated key, for as many. */
function insert(root: Tree, path: readonly string[], text: unknown): void {
  let tree = root;
  for (const step of path.slice(0, -1)) {
    const inner = tree.get(step);
    const next: Tree = inner instanceof Map ? inner : new Map();
    tree.set(step === '' ? String(tree.size) : step, next);
    tree = next;
  }
  const last = path.at(-1) as string;
  if (last !== '') tree.set(last, text);
  else for (const one of [text].flat()) tree.set(String(tree.size), one);
}

function nestedValue(document: Node, tree: unknown, schema: unknown): unknown {
  if (!(tree instanceof Map)) return tree;
  const { types, properties, additional, items } = valueShape(document, schema);
  const indexed = [...tree.keys()].every((key) => /^\d+$/.test(key)) && (types.size === 0 || types.has('array'));
  if (indexed) {
    return [...tree].sort(([a], [b]) => Number(a) - Number(b)).map(([, one]) => nestedValue(document, one, items));
  }
  return Object.fromEntries(
    [...tree].map(([key, one]) => [key, nestedValue(document, one, properties.get(key) ?? additional)]),
  );
}
