// Canonical form of OpenAPI documents: two documents differ in it only if their structure differs.
type Node = Record<string, unknown>;

/** Descriptions and hints, which do not affect which requests and responses are valid. */
const PROSE = new Set(['description', 'summary', 'title', 'example', 'examples', 'tags', 'deprecated', 'default']);

export interface CanonicalOperation {
  operationId: unknown;
  parameters: unknown[];
  requestBody: unknown;
  responses: Record<string, unknown>;
}

/** The operations of a document by `METHOD path`, each rewritten so that equal structure is deep-equal. */
export function canonical(document: Node): Record<string, CanonicalOperation> {
  const schema = (node: unknown) => canonicalSchema(node, document);
  const content = (node: unknown) =>
    Object.fromEntries(Object.entries((node as Node) ?? {}).map(([type, one]) => [type, schema((one as Node).schema)]));
  const operations: Record<string, CanonicalOperation> = {};
  for (const [path, item] of Object.entries(document.paths as Record<string, Record<string, Node>>)) {
    for (const [method, operation] of Object.entries(item)) {
      const body = operation.requestBody as Node | undefined;
      operations[`${method.toUpperCase()} ${path}`] = {
        operationId: operation.operationId ?? operation['x-understudy-operation'],
        // The order of parameters means nothing.
        parameters: ((operation.parameters as Node[]) ?? [])
          // Text in a path or query cannot be null: nullable there means `required: false`.
          .map((one) => ({
            name: nameOf(one),
            in: one.in,
            required: one.required === true,
            schema: notNull(schema(one.schema) as Node),
          }))
          .sort((a, b) => `${a.in} ${a.name}`.localeCompare(`${b.in} ${b.name}`)),
        requestBody: body === undefined ? null : { required: body.required === true, content: content(body.content) },
        responses: Object.fromEntries(
          Object.entries(operation.responses as Record<string, Node>).map(([status, written]) => {
            const response = written.$ref === undefined ? written : resolve(document, written.$ref as string);
            const expected = {
              content: content(response.content),
              headers: Object.entries((response.headers as Record<string, Node>) ?? {}).map(
                ([name, { required, schema: type }]) => ({
                  name: name.toLowerCase(),
                  required: required === true,
                  schema: schema(type),
                }),
              ),
            };
            return [status, expected];
          }),
        ),
      };
    }
  }
  return operations;
}

/** Header names are case-insensitive. */
function nameOf({ name, in: place }: Node): string {
  return place === 'header' ? String(name).toLowerCase() : String(name);
}

/** A schema as plain JSON Schema: references resolved, one notation for null, no descriptions. */
export function canonicalSchema(node: unknown, document: Node): unknown {
  if (Array.isArray(node)) return node.map((one) => canonicalSchema(one, document));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, nullable, properties, 'x-understudy-always-sent': sent, ...rest } = node as Node;
  let result: Node =
    $ref === undefined ? {} : { ...(canonicalSchema(resolve(document, $ref as string), document) as Node) };
  for (const [key, value] of Object.entries(rest)) {
    if (PROSE.has(key) || key.startsWith('x-')) continue;
    result[key] =
      key === 'enum' || key === 'required' ? [...(value as unknown[])].sort() : canonicalSchema(value, document);
  }
  if (properties !== undefined) {
    // Property names are not keywords: a property may be called `description`.
    const own = Object.entries(properties as Node).map(([name, one]) => [name, canonicalSchema(one, document)]);
    if (own.length > 0) result.properties = Object.fromEntries(own);
  }
  // What is declared optional and always sent all the same is required of the code.
  if (sent !== undefined)
    result.required = [...new Set([...((rest.required ?? []) as string[]), ...(sent as string[])])].sort();
  // zod writes open objects as `additionalProperties: {}` and string keys as `propertyNames`: both say nothing.
  if (result.additionalProperties === true || JSON.stringify(result.additionalProperties) === '{}')
    delete result.additionalProperties;
  delete result.propertyNames;
  if (Array.isArray(result.required) && result.required.length === 0) delete result.required;
  // zod limits integers to safe ones and adds a pattern to date formats.
  if (result.maximum === Number.MAX_SAFE_INTEGER) delete result.maximum;
  if (result.minimum === Number.MIN_SAFE_INTEGER) delete result.minimum;
  if (result.format === 'date-time') delete result.pattern;
  // Every JSON number is a double.
  if (result.format === 'double') delete result.format;
  if ('const' in result) {
    result.enum = [result.const];
    delete result.const;
  }
  // OpenAPI 3.0 uses `allOf [X]` to give a reference siblings; `anyOf [X, null]` is another notation for nullable.
  const { allOf, anyOf, ...siblings } = result as Node & { allOf?: Node[]; anyOf?: Node[] };
  if (allOf?.length === 1) result = { ...allOf[0], ...siblings };
  const branches = anyOf?.filter(({ type }) => type !== 'null');
  if (anyOf?.length === 2 && branches?.length === 1) result = orNull({ ...siblings, ...branches[0] });
  return nullable === true ? orNull(result) : result;
}

/** X or null, in canonical notation. */
function orNull(node: Node): Node {
  const types = [node.type].flat().filter((type) => type !== undefined && type !== 'null');
  const { enum: values } = node as { enum?: unknown[] };
  return {
    ...node,
    type: [...types, 'null'],
    ...(values ? { enum: [...values.filter((value) => value !== null), null] } : {}),
  };
}

function notNull(node: Node): Node {
  return Array.isArray(node.type)
    ? { ...node, type: node.type[0], ...(node.enum ? { enum: (node.enum as unknown[]).slice(0, -1) } : {}) }
    : node;
}

/** What a local reference points at. */
export function resolve(document: Node, ref: string): any {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Node)[key], document);
}
