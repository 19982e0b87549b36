// Answers to text: by zod itself while an operation is seldom used, then by a serializer compiled from its schema.
import { z } from 'zod';
import type { Operation } from '../provider/provider.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Serialize = (value: unknown) => string;

/** Compiling takes 50 ms the first time and saves some 5 µs an answer: before so many answers it does not pay. */
const USES_BEFORE_COMPILING = 2000;

const serializers = new WeakMap<Operation, Serialize>();

/** A handler's value as the text that is sent. With `checked` it throws on a value that its schema does not allow. */
export function serializeResponse(operation: Operation, value: unknown, checked: boolean): string {
  if (checked) operation.response.parse(value);
  if (operation.serialize !== null) return operation.serialize(value);
  let serialize = serializers.get(operation);
  if (serialize === undefined) {
    serialize = responseSerializer(operation.response);
    serializers.set(operation, serialize);
  }
  return serialize(value);
}

/** Writes values of `schema` as JSON. Both ways give the same text; the compiled one takes half the time. */
export function responseSerializer(schema: z.ZodType): Serialize {
  let remaining = USES_BEFORE_COMPILING;
  let serialize: Serialize = (value) => {
    if (--remaining === 0) {
      compileSerializer(schema).then((compiled) => {
        serialize = compiled;
      });
    }
    return JSON.stringify(schema.parse(value));
  };
  return (value) => serialize(value);
}

/**
 * A function that writes values of `schema` as JSON. It trusts its input (a wrong type would be repaired
 * silently); `--check-answers` parses the value first.
 */
export async function compileSerializer(schema: z.ZodType): Promise<Serialize> {
  // Loaded only now: it brings a validator along, which takes longer to load than the rest of the server to start.
  const { default: buildSerializer } = await import('fast-json-stringify');
  const json = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', reused: 'inline' });
  delete json.$schema;
  return buildSerializer(simplified(json) as Parameters<typeof buildSerializer>[0]);
}

/**
 * `anyOf [X, null]` as a nullable X, since a union makes the serializer validate each value to find its branch;
 * and nothing required, since it would write required properties first instead of each in its place.
 */
function simplified(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(simplified);
  if (typeof node !== 'object' || node === null) return node;
  const { anyOf, ...rest } = node as JsonSchema;
  const branches = anyOf?.filter((branch) => (branch as JsonSchema).type !== 'null');
  const simplifiedNode =
    branches?.length === 1 && anyOf?.length === 2
      ? { ...rest, ...(branches[0] as object), nullable: true }
      : (node as object);
  return Object.fromEntries(
    Object.entries(simplifiedNode)
      .filter(([key, value]) => key !== 'required' || !Array.isArray(value))
      .map(([key, value]) => [key, simplified(value)]),
  );
}
