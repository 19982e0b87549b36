// A provider's contract: the published document with our overlay applied, and a list of everything the overlay does.
import { readFileSync } from 'node:fs';
import type { Contract, Deviation } from '../provider/contract.ts';

type Node = Record<string, unknown>;

/** An OpenAPI Overlay 1.0.0, limited to what is used here; each action's description gives its reason. */
export interface Overlay {
  readonly actions: readonly {
    /**
     * JSONPath: names, lists of names and `*`, e.g. `$.paths['/a','/b'][*].responses`. A name that ends in `/*` means
     * every name below it, which JSONPath has no short notation for.
     */
    readonly target: string;
    readonly description: string;
    readonly update?: object;
    readonly remove?: boolean;
  }[];
}

/** A contract with its overlay applied, and the lists of what the overlay did. */
export type EffectiveContract = Contract &
  Required<Pick<Contract, 'x-understudy-additions' | 'x-understudy-deviations'>>;

/**
 * Reads `<provider>.json` and `<provider>.overlay.json` beside it, and applies the second to the first.
 *
 * @throws Error when a file is missing or not JSON, or when the overlay does not fit the document
 */
export function effectiveContract(file: string | URL): EffectiveContract {
  const read = (from: string | URL) => JSON.parse(readFileSync(from, 'utf8'));
  const beside = (path: string) => path.replace(/\.json$/, '.overlay.json');
  return withOverlay(read(file), read(typeof file === 'string' ? beside(file) : new URL(beside(file.href))));
}

/**
 * The document with the overlay applied: objects merge key by key, lists are appended, plain values replace. What the
 * overlay adds is listed under `x-understudy-additions`, what it changes or removes under `x-understudy-deviations`.
 *
 * @throws Error on an action whose target is not in the document
 */
export function withOverlay(document: object, { actions }: Overlay): EffectiveContract {
  const result = { $: structuredClone(document) } as { $: Contract };
  const additions: EffectiveContract['x-understudy-additions'] = [];
  const deviations: Deviation[] = [];
  for (const { target, description: why, update, remove } of actions) {
    const found = placesAt(result, target);
    const [first] = found;
    if (first === undefined) throw new Error(`The overlay's target ${target} is not in the document`);
    const published = first.parent[first.key];
    const latest = deviations.at(-1);
    if (remove) deviations.push({ where: target, published, ours: null, why });
    else if (latest?.why === why && latest.ours === null) latest.ours = update;
    else additions.push({ where: target, what: update as object, why });
    for (const { parent, key } of found) {
      if (remove) delete parent[key];
      else parent[key] = merged(parent[key], update);
    }
  }
  return { ...result.$, 'x-understudy-additions': additions, 'x-understudy-deviations': deviations };
}

function placesAt(root: Node, path: string): { parent: Node; key: string }[] {
  const steps = [...path.matchAll(/\$|\.([A-Za-z_][\w-]*)|\[(\*|'[^']*'(?:,'[^']*')*)\]/g)];
  if (steps.map(([step]) => step).join('') !== path) throw new Error(`The overlay's target ${path} cannot be read`);
  let places = [{ parent: root, key: '$' }];
  for (const [, name, list = ''] of steps.slice(1)) {
    places = places.flatMap(({ parent, key }) => {
      const node = parent[key] as Node;
      const names = name === undefined ? list.slice(1, -1).split("','") : [name];
      const keys = Object.keys(node).filter((key) => list === '*' || names.some((one) => selects(one, key)));
      return keys.map((one) => ({ parent: node, key: one }));
    });
  }
  return places;
}

/** Whether a name of a target selects a key: the key itself, or for `/a/*` every key below `/a/`. */
export function selects(name: string, key: string): boolean {
  return name === key || (name.endsWith('/*') && key.startsWith(name.slice(0, -1)));
}

function merged(target: unknown, update: unknown): unknown {
  if (Array.isArray(target) && Array.isArray(update)) return [...target, ...update];
  if (!isObject(target) || !isObject(update)) return structuredClone(update);
  const result = { ...target };
  for (const [key, value] of Object.entries(update)) result[key] = merged(result[key], value);
  return result;
}

function isObject(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
