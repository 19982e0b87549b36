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

/** Visits the schemas directly below a schema, each with its keyword and, in a list or map, its index or name. */
export function eachSubschema(
  schema: Readonly<Record<string, unknown>>,
  visit: (schema: unknown, keyword: string, key?: string | number) => void,
): void {
  for (const keyword of Object.keys(schema)) {
    const form = SUBSCHEMAS.get(keyword);
    if (form === undefined) continue;
    const value = schema[keyword];
    if (form === 'schema') visit(value, keyword);
    else if (Array.isArray(value)) for (let n = 0; n < value.length; n++) visit(value[n], keyword, n);
    else if (typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) visit((value as Record<string, unknown>)[name], keyword, name);
    }
  }
}
