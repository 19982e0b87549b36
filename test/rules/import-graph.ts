// The import graph of src: value and type imports, and the rules for them.
import { posix } from 'node:path';
import ts from 'typescript';

/** One import or re-export of a file of src by another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Erased by the compiler, so nothing is loaded. */
  readonly type: boolean;
}

/** The rooms of core in layers: each may import the later ones only. */
const LAYERS = [
  ['tls'],
  ['http'],
  ['sandbox', 'openapi'],
  ['faults', 'deletions'],
  ['journal'],
  ['storage'],
  ['provider'],
  ['ground'],
];

/** Type imports that may point up, because a handler is given a call, its sandbox and its database. */
const UPWARD_TYPES: readonly { readonly from: RegExp; readonly to: RegExp }[] = [
  { from: /^src\/core\/provider\//, to: /^src\/core\/(http\/call|sandbox\/sandbox|storage\/database)\.ts$/ },
  { from: /^src\/core\/openapi\/published\//, to: /^src\/core\/http\/call\.ts$/ },
  { from: /^src\/core\/faults\/choose-fault\.ts$/, to: /^src\/core\/sandbox\/sandbox\.ts$/ },
  { from: /^src\/core\/deletions\/erasure[^/]*\.ts$/, to: /^src\/core\/sandbox\/sandbox\.ts$/ },
];

/** Files at the top of src without imports. */
const FREE = /^src\/(places|version)\.ts$/;
const REGISTRY = /^src\/providers\/index\.ts$/;

/** What each part of src may import besides itself, `places` and `version`. */
const PARTS: readonly {
  readonly part: RegExp;
  readonly values: readonly RegExp[];
  readonly types: readonly RegExp[];
}[] = [
  { part: /^src\/core\//, values: [], types: [] },
  { part: /^src\/providers\/(\w+)\//, values: [/^src\/core\//], types: [] },
  { part: REGISTRY, values: [/^src\/providers\/\w+\/index\.ts$/], types: [/^src\/core\//] },
  { part: /^src\/control\//, values: [/^src\/core\//], types: [] },
  { part: /^src\/dashboard\//, values: [], types: [/^src\/(core|control)\//] },
  {
    part: /^src\/library\//,
    values: [/^src\/core\//, REGISTRY],
    types: [/^src\/(control|cli)\//, /^src\/server\.ts$/],
  },
  { part: /^src\/explore\//, values: [/^src\/(core|library)\//, REGISTRY], types: [/^src\/control\//] },
  {
    part: /^src\/cli\//,
    values: [/^src\/(core|control|library|explore)\//, REGISTRY, /^src\/server\.ts$/],
    types: [],
  },
  { part: /^src\/server\.ts$/, values: [/^src\/(core|control)\//, REGISTRY], types: [] },
  { part: /^src\/index\.ts$/, values: [/^src\/(library|explore)\//, REGISTRY, /^src\/server\.ts$/], types: [/^src\//] },
  { part: /^src\/main\.ts$/, values: [/^src\/cli\//], types: [] },
  { part: FREE, values: [], types: [] },
];

/** Every import between these files, `import()` and `import type` included; keys are paths such as `src/main.ts`. */
export function importsOf(sources: ReadonlyMap<string, string>): Edge[] {
  return [...sources].flatMap(([from, text]) => {
    const edges: Edge[] = [];
    const add = (specifier: ts.Node | undefined, type: boolean) => {
      if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return;
      edges.push({ from, to: posix.normalize(posix.join(posix.dirname(from), specifier.text)), type });
    };
    const read = (node: ts.Node) => {
      if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, erased(node.importClause));
      else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly || allTypes(node.exportClause));
      else if (ts.isImportTypeNode(node))
        add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
      else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
        add(node.arguments[0], false);
      ts.forEachChild(node, read);
    };
    read(ts.createSourceFile(from, text, ts.ScriptTarget.Latest));
    return edges;
  });
}

function erased(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  return clause.isTypeOnly || (clause.name === undefined && allTypes(clause.namedBindings));
}

function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false;
  return bindings.elements.length > 0 && bindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** The imports that violate a rule, one sentence each. */
export function violations(edges: readonly Edge[]): string[] {
  return edges
    .filter((edge) => !allowed(edge))
    .map((edge) => `${edge.from} imports ${edge.type ? 'a type' : 'a value'} of ${edge.to}`);
}

function allowed(edge: Edge): boolean {
  const { from, to, type } = edge;
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room !== null && other !== null) return room === other || layerOf(room) < layerOf(other) || pointsUp(edge);
  if (FREE.test(to)) return true;
  const rules = PARTS.find(({ part }) => part.test(from));
  const own = rules?.part.exec(from)?.[0];
  if (rules === undefined || own === undefined) return false;
  return (
    to.startsWith(own) ||
    rules.values.some((part) => part.test(to)) ||
    (type && rules.types.some((part) => part.test(to)))
  );
}

function pointsUp({ from, to, type }: Edge): boolean {
  return type && UPWARD_TYPES.some((permitted) => permitted.from.test(from) && permitted.to.test(to));
}

/** The room of core that a file is in; null outside of core. */
function roomOf(file: string): string | null {
  const [, rest] = /^src\/core\/(.+)$/.exec(file) ?? [];
  if (rest === undefined) return null;
  return rest.includes('/') ? (rest.split('/', 1)[0] as string) : 'ground';
}

function layerOf(room: string): number {
  return LAYERS.findIndex((rooms) => rooms.includes(room));
}

/** Import cycles, types included, except for the type imports that may point up. */
export function circles(edges: readonly Edge[]): string[][] {
  const next = new Map<string, string[]>();
  for (const edge of edges) if (!pointsUp(edge)) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  const reach = (start: string): Set<string> => {
    const reached = new Set<string>();
    const open = [start];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      for (const to of next.get(file) ?? []) {
        if (!reached.has(to)) open.push(to);
        reached.add(to);
      }
    }
    return reached;
  };
  const reached = new Map([...next.keys()].map((file) => [file, reach(file)]));
  const inCircle = [...reached].filter(([file, to]) => to.has(file)).map(([file]) => file);
  const found = inCircle.map((file) =>
    inCircle.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file)).sort(),
  );
  return [...new Map(found.map((circle) => [circle.join(), circle])).values()];
}
