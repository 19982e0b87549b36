// Serializes responses: with zod and JSON.stringify at first, after many uses with a compiled serializer.
import { z } from 'zod';
import type { Operation } from '../provider/provider.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Serialize = (value: unknown) => string;

/** Compiling takes 50 ms the first time and saves about 5 µs per response. */
const USES_BEFORE_COMPILING = 2000;

const serializers = new WeakMap<Operation, Serialize>();

/** A handler's value as JSON text. With `checked`, @throws ZodError for a value that its schema rejects. */
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

/** A serializer for `schema` that compiles itself after enough uses; compiling does not change the text. */
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
 * Compiles a JSON serializer for `schema`. It does not validate: a wrong type is coerced silently. `--check-answers`
 * validates the value first.
 */
export async function compileSerializer(schema: z.ZodType): Promise<Serialize> {
  // Loaded on use: it depends on a validator that takes longer to load than the server takes to start.
  const { default: buildSerializer } = await import('fast-json-stringify');
  const json = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', reused: 'inline' });
  delete json.$schema;
  return buildSerializer(simplified(json) as Parameters<typeof buildSerializer>[0]);
}

/**
 * Rewrites `anyOf [X, null]` to a nullable X, since a union makes the serializer validate each value to find the
 * branch, and drops `required`, since it would write required properties first instead of in order.
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
