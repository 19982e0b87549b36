// Finds the targets of references: JSON pointers, and the ids and anchors that schemas of the document have.
import { isNode, type Node, type Place, pointed, pointerOf, steps, valueAt } from '../document-parts.ts';
import { eachSubschema } from '../schema-keywords.ts';
import { Unservable } from '../unservable.ts';

/** The names by which a document's schemas refer to each other. */
export class SchemaNames {
  readonly #document: Node;
  #places: ReadonlyMap<string, Place> | undefined;

  constructor(document: Node) {
    this.#document = document;
  }

  /**
   * The place that a reference leads to.
   *
   * @param resource the schema with an `$id` in which the reference stands; the document where there is none
   * @throws Unservable at `at`, where the reference stands
   */
  resolve(reference: string, resource: Place, at: readonly PropertyKey[]): Place {
    const [id = '', fragment = ''] = reference.split('#', 2);
    const start = id === '' ? resource : this.#named(id);
    if (start === undefined) {
      throw new Unservable(at, `it refers to ${reference}, outside of the document; bundle it into one file`);
    }
    const place =
      fragment === '' || fragment.startsWith('/')
        ? (this.#below(start, fragment) ?? this.#below([], fragment))
        : (this.#named(`${start.join('/')}#${fragment}`) ?? this.#named(`#${fragment}`));
    if (place === undefined) throw new Unservable(at, `it refers to ${reference}, which does not exist`);
    if (place.length === 0) throw new Unservable(at, `it refers to ${reference}, the whole document`);
    return place;
  }

  /** The innermost schema with an `$id` around a place; the document where there is none. */
  resourceOf(place: Place): Place {
    for (let length = place.length - 1; length > 0; length--) {
      const outer = place.slice(0, length);
      const node = valueAt(this.#document, outer);
      if (isNode(node) && typeof node.$id === 'string') return outer;
    }
    return [];
  }

  #below(start: Place, pointer: string): Place | undefined {
    const node = valueAt(this.#document, start);
    if (pointed(node, pointer) === undefined) return undefined;
    return [...start, ...steps(node, pointerOf(pointer)).map(String)];
  }

  #named(name: string): Place | undefined {
    this.#places ??= namesIn(this.#document);
    return this.#places.get(name);
  }
}

/** The places of schemas below `components` by id, by anchor, and by resource and anchor; the first of a name counts. */
function namesIn(document: Node): Map<string, Place> {
  const places = new Map<string, Place>();
  const add = (name: string, place: Place) => {
    if (!places.has(name)) places.set(name, place);
  };
  const visit = (schema: unknown, place: Place, outer: Place): void => {
    if (!isNode(schema)) return;
    const { $id, $anchor, $dynamicAnchor, $defs } = schema;
    const resource = typeof $id === 'string' ? place : outer;
    if (typeof $id === 'string') add($id, place);
    for (const anchor of [$anchor, $dynamicAnchor]) {
      if (typeof anchor !== 'string') continue;
      add(`${resource.join('/')}#${anchor}`, place);
      add(`#${anchor}`, place);
    }
    eachSubschema(schema, (part, keyword, key) => {
      visit(part, key === undefined ? [...place, keyword] : [...place, keyword, String(key)], resource);
    });
    for (const [name, part] of Object.entries(isNode($defs) ? $defs : {}))
      visit(part, [...place, '$defs', name], resource);
  };
  const { components } = document;
  const schemas = isNode(components) && isNode(components.schemas) ? components.schemas : {};
  for (const [name, schema] of Object.entries(schemas)) visit(schema, ['components', 'schemas', name], []);
  return places;
}
