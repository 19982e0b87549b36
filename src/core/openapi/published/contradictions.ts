// Finds the examples of a document that contradict their own schema, without compiling anything: a start waits for it.
import { createContext, Script } from 'node:vm';
import { type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import { pathText } from '../../json-text.ts';
import {
  follow,
  isNode,
  type Node,
  type Place,
  pointed,
  pointerOf,
  referenceTo,
  steps,
  valueAt,
} from '../document-parts.ts';
import { eachSubschema } from '../schema-keywords.ts';
import { type Direction, strictSchema } from '../strict-schema.ts';

/** The longest time for all examples, in milliseconds: a start must not wait for a pattern that takes for ever. */
const LONGEST = 500;

/** The examples that contradict their schema, as far as they were checked. */
export interface Contradictions {
  /** Place and reason, as a sentence. */
  readonly found: readonly string[];
  /** Whether all examples were checked; not for a very large document. */
  readonly complete: boolean;
}

/** An example, its schema, and its place. */
interface Example {
  readonly value: unknown;
  readonly schema: unknown;
  readonly place: readonly PropertyKey[];
}

/**
 * Checks the examples in the schemas at `places`, and those beside them, in parameters and bodies. An example is good if it fits requests or responses.
 */
export function contradictionsIn(document: Node, places: Iterable<Place>): Contradictions {
  const found: string[] = [];
  const validators = (['request', 'response'] as const).map((direction) => validatorFor(document, direction));
  const seen = new Set<unknown>();
  let complete = false;
  const check = () => {
    for (const place of places) {
      for (const { value, schema, place: at } of [
        ...examplesBeside(document, place),
        ...examplesInside(document, place, seen),
      ]) {
        const reasons = validators.map((reasonFor) => reasonFor(value, schema));
        const [first] = reasons;
        if (typeof first === 'string' && !reasons.includes(null))
          found.push(`${pathText(steps(document, pointerOf(referenceTo(at))))}: ${first}`);
      }
    }
    complete = true;
  };
  try {
    new Script('check()').runInContext(createContext({ check }), { timeout: LONGEST });
  } catch {
    // Time is up, or the examples refer to each other in a circle; what was found counts.
  }
  return { found, complete };
}

/** Why a value does not fit a schema in one direction; null if it does, or cannot be checked. */
function validatorFor(document: Node, direction: Direction): (value: unknown, schema: unknown) => string | null {
  const refer = ($ref: string) => ({ $ref });
  const strict = (schema: unknown) => strictSchema(document, schema, direction, refer) as Schema;
  const known = new Map<string, Schema>();
  const referred = new Proxy<Record<string, Schema>>(
    {},
    {
      get(_, reference: string) {
        const schema = known.get(reference) ?? strict(pointed(document, reference));
        known.set(reference, schema);
        return schema;
      },
    },
  );
  return (value, schema) => {
    try {
      const { valid, errors } = validate(value, strict(schema), '2020-12', referred);
      return valid ? null : (errors.at(-1) as OutputUnit).error;
    } catch {
      // A pattern in another dialect, or a schema that cannot be compiled: reported when it is used.
      return null;
    }
  };
}

/** The examples beside a schema: those of its parameter or its body. */
function* examplesBeside(document: Node, place: Place): Generator<Example> {
  const at = place.slice(0, -1);
  const { example, examples } = valueAt(document, at) as Node;
  const schema = valueAt(document, place);
  if (example !== undefined) yield { value: example, schema, place: [...at, 'example'] };
  for (const [name, one] of Object.entries(isNode(examples) ? examples : {})) {
    const { value } = follow(document, one, at).node;
    if (value !== undefined) yield { value, schema, place: [...at, 'examples', name] };
  }
}

/** The examples in the schema at a place and in all that it leads to, each once. */
function* examplesInside(document: Node, place: Place, seen: Set<unknown>): Generator<Example> {
  const open: (readonly PropertyKey[])[] = [place];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const schema = valueAt(document, at as Place);
    if (!isNode(schema) || seen.has(schema)) continue;
    seen.add(schema);
    const { $ref, example, examples } = schema;
    if (example !== undefined) yield { value: example, schema, place: [...at, 'example'] };
    for (const [n, value] of (Array.isArray(examples) ? examples : []).entries()) {
      yield { value, schema, place: [...at, 'examples', n] };
    }
    if (typeof $ref === 'string') open.push(steps(document, pointerOf($ref)));
    const here = at;
    eachSubschema(schema, (_, ...inner) => open.push([...here, ...inner.filter((step) => step !== undefined)]));
  }
}
