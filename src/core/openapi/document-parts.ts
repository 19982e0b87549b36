// Objects of an OpenAPI document: places, JSON pointers, and references within the document.
import { Unservable } from './unservable.ts';

/** Any object of an OpenAPI document. */
export type Node = { readonly [key: string]: unknown };

/** A place in the document, as keys from the root. */
export type Place = readonly string[];

/** A part of the document and its place, with references resolved. */
export interface Part {
  readonly node: Node;
  readonly place: Place;
}

/** Whether a value is an object, neither null nor an array. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON pointer as steps, with array indexes as numbers. */
export function steps(document: unknown, pointer: string): PropertyKey[] {
  let node = document;
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const place = Array.isArray(node) ? Number(key) : key;
      node = (node as Record<PropertyKey, unknown> | undefined)?.[place];
      return place;
    });
}

/** The JSON pointer in a reference. @throws URIError when its escapes are invalid */
export function pointerOf(reference: string): string {
  return decodeURIComponent(reference.slice(reference.indexOf('#') + 1));
}

/** The reference to a place. */
export function referenceTo(place: readonly PropertyKey[]): string {
  const pointer = place.map((step) => encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1')));
  return `#${pointer.map((step) => `/${step}`).join('')}`;
}

/** The target of a local reference; undefined when there is none. */
export function pointed(document: unknown, reference: string): unknown {
  let pointer: string;
  try {
    pointer = pointerOf(reference);
  } catch {
    return undefined;
  }
  let node: unknown = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    node = typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? (node as Node)[key] : undefined;
  }
  return node;
}

/** The value at a place, which must exist. */
export function valueAt(document: unknown, place: Place): unknown {
  return place.reduce<unknown>((node, step) => (node as Node)[step], document);
}

/** Resolves the references of a part. @throws Unservable for a circular reference or a part that is not an object */
export function follow(document: Node, node: unknown, place: Place): Part {
  const seen = new Set<string>();
  let part = { node, place };
  for (;;) {
    const reference = isNode(part.node) ? part.node.$ref : undefined;
    if (!isNode(part.node)) throw new Unservable(part.place, 'it is not an object');
    if (typeof reference !== 'string') return { node: part.node, place: part.place };
    if (seen.has(reference)) throw new Unservable(place, `it refers to ${reference}, which refers back to itself`);
    seen.add(reference);
    part = { node: pointed(document, reference), place: steps(document, pointerOf(reference)).map(String) };
  }
}
