// The keywords of JSON Schema 2020-12: where subschemas lie, which others constrain a value; anything else is a note.

/** Where the schemas below a schema lie: in the keyword itself, in a list, or in a map by name. */
export const SUBSCHEMAS: ReadonlyMap<string, 'schema' | 'list' | 'map'> = new Map(
  Object.entries({
    items: 'schema',
    additionalProperties: 'schema',
    not: 'schema',
    if: 'schema',
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: 'schema',
    else: 'schema',
    contains: 'schema',
    propertyNames: 'schema',
    unevaluatedItems: 'schema',
    unevaluatedProperties: 'schema',
    allOf: 'list',
    anyOf: 'list',
    oneOf: 'list',
    prefixItems: 'list',
    properties: 'map',
    patternProperties: 'map',
    dependentSchemas: 'map',
  } as const),
);

/** Keywords other than references and subschemas that constrain a value. */
export const CONSTRAINTS: ReadonlySet<string> = new Set([
  'type',
  'enum',
  'const',
  'multipleOf',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'format',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxContains',
  'minContains',
  'maxProperties',
  'minProperties',
  'required',
  'dependentRequired',
]);

/** The schemas directly below a schema, each with its place there. */
export function* subschemas(
  schema: Readonly<Record<string, unknown>>,
): Generator<readonly [schema: unknown, place: readonly PropertyKey[]]> {
  for (const [keyword, value] of Object.entries(schema)) {
    const form = SUBSCHEMAS.get(keyword);
    if (form === 'schema') yield [value, [keyword]];
    else if (form !== undefined && typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) yield [one, [keyword, form === 'list' ? Number(key) : key]];
    }
  }
}
