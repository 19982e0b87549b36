// Accepts requests that send the document's own examples, also those that contradict their schema.
import { isDeepStrictEqual } from 'node:util';
import type { ValidateFunction } from 'ajv';
import type { Schemas } from '../compiled-schemas.ts';
import { isNode, type Node, type Place, pointerOf, steps, valueAt } from '../document-parts.ts';
import { examplesOf } from './examples.ts';
import type { Sampler } from './sampling/sampler.ts';

/**
 * Schemas whose validators for requests accept a value, or a part of one, that its schema has as an example: the part
 * counts as one that fits.
 */
export function acceptingExamples(document: Node, schemas: Schemas, sampler: Sampler): Schemas {
  return {
    ...schemas,
    at(place, direction) {
      const validate = schemas.at(place, direction);
      if (direction === 'response') return validate;
      const accepting = ((value: unknown) => {
        if (validate(value)) return true;
        const fitting = withFittingParts(document, sampler, value, place);
        const accepted = fitting !== value && validate(fitting);
        // Of a value that is refused all the same, those of the parts that are no examples.
        accepting.errors = validate.errors ?? null;
        return accepted;
      }) as ValidateFunction;
      return accepting;
    },
  };
}

/** The value with valid ones in place of its parts that are examples; the value itself if it has none. */
function withFittingParts(document: Node, sampler: Sampler, value: unknown, place: Place): unknown {
  const places = [...allPlaces(document, place)];
  const beside = place.at(-1) === 'schema' ? examplesOf(document, valueAt(document, place.slice(0, -1)) as Node) : [];
  const inside = places.flatMap((one) => {
    const { example, examples } = valueAt(document, one) as Node;
    return [example, ...(Array.isArray(examples) ? examples : [])];
  });
  if ([...beside, ...inside].some((example) => isSent(example, value))) {
    return sampler.isValid(value, place) ? value : sampler.valueOf(valueAt(document, place), place, []);
  }
  if (Array.isArray(value)) {
    return mapped(
      value,
      value.map((item, n) => fittingMember(document, sampler, item, itemPlaces(document, places, n))),
    );
  }
  if (!isNode(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    fittingMember(document, sampler, member, memberPlaces(document, places, name)),
  ]);
  return mapped(value, Object.fromEntries(members));
}

/** A copy if a part of it changed, otherwise the value. */
function mapped<T extends object>(value: T, copy: T): T {
  return Object.entries(copy).every(([key, one]) => one === (value as Record<string, unknown>)[key]) ? value : copy;
}

function fittingMember(document: Node, sampler: Sampler, member: unknown, places: readonly Place[]): unknown {
  for (const place of places) {
    const fitting = withFittingParts(document, sampler, member, place);
    if (fitting !== member) return fitting;
  }
  return member;
}

/** Whether a value is an example as clients send it: numbers and booleans in parameters are text. */
function isSent(example: unknown, value: unknown): boolean {
  if (example === undefined) return false;
  if (isDeepStrictEqual(example, value)) return true;
  return typeof value === 'string' && typeof example !== 'object' && String(example) === value;
}

/** The places of the schemas that apply to a value: the one at a place, its reference, and those it is composed of. */
function allPlaces(document: Node, place: Place): Set<Place> {
  const found = new Map<unknown, Place>();
  const open: Place[] = [place];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const at = one;
    const schema = valueAt(document, at);
    if (!isNode(schema) || found.has(schema)) continue;
    found.set(schema, at);
    const { $ref } = schema;
    if (typeof $ref === 'string') open.push(steps(document, pointerOf($ref)).map(String));
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      const parts = schema[keyword];
      if (Array.isArray(parts)) open.push(...parts.map((_, n) => [...at, keyword, String(n)]));
    }
  }
  return new Set(found.values());
}

function memberPlaces(document: Node, places: readonly Place[], name: string): Place[] {
  return places.flatMap((place) => {
    const { properties, additionalProperties } = valueAt(document, place) as Node;
    if (isNode(properties) && Object.hasOwn(properties, name)) return [[...place, 'properties', name]];
    return isNode(additionalProperties) ? [[...place, 'additionalProperties']] : [];
  });
}

function itemPlaces(document: Node, places: readonly Place[], n: number): Place[] {
  return places.flatMap((place) => {
    const { prefixItems, items } = valueAt(document, place) as Node;
    if (Array.isArray(prefixItems) && n < prefixItems.length) return [[...place, 'prefixItems', String(n)]];
    return isNode(items) ? [[...place, 'items']] : [];
  });
}
