// Reads a published OpenAPI document, JSON or YAML, and rejects one that cannot be served, with place and reason.
import { readFile } from 'node:fs/promises';
import type { Validator as DocumentValidator } from '@seriousme/openapi-schema-validator';
import type { ErrorObject } from 'ajv';
import { pathText } from '../../json-text.ts';
import { diskErrorMessage } from '../../storage/disk.ts';
import { checkDocumentSize } from './document-size.ts';
import { Unservable } from './unservable.ts';

/** A published document that cannot be served; the message names provider, file, place and reason. */
export class ContractError extends Error {}

/** Any object of an OpenAPI document. */
export type Node = { readonly [key: string]: unknown };

/** Reads and validates a document, without compiling its schemas. @throws ContractError */
export async function readSource(provider: string, file: string): Promise<Node> {
  try {
    const document = await parse(file, await readText(file));
    await checkStructure(document);
    return document;
  } catch (error) {
    throw contractErrorOf(provider, file, error);
  }
}

/** The ContractError for an error while reading or preparing a document. */
export function contractErrorOf(provider: string, file: string, error: unknown): ContractError {
  const at = error instanceof Unservable ? error.at : [];
  const place = at.length === 0 ? '' : `, ${pathText(at)}`;
  return new ContractError(
    `--contract ${provider}=${file}${place}: ${diskErrorMessage(error as NodeJS.ErrnoException)}.`,
  );
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Unservable(
      [],
      code === 'ENOENT'
        ? 'there is no such file'
        : `it cannot be read: ${diskErrorMessage(error as NodeJS.ErrnoException)}`,
    );
  }
}

async function parse(file: string, text: string): Promise<Node> {
  let value: unknown;
  if (/^\s*\{/.test(text) && !/\.ya?ml$/i.test(file)) {
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Unservable([], `it is not JSON (${(error as Error).message})`);
    }
  } else {
    const { load } = await import('js-yaml');
    try {
      value = load(text);
    } catch (error) {
      // The lines after the first quote the source.
      throw new Unservable([], `it is not YAML (${(error as Error).message.split('\n', 1)[0]})`);
    }
  }
  if (!isNode(value)) throw new Unservable([], 'it is not an OpenAPI document');
  return value;
}

/** Whether a value is an object, neither null nor an array. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Compiles the schema of an OpenAPI version on first use, which takes 250 ms. */
let validator: DocumentValidator | undefined;

/** Validates version and structure with the OpenAPI specification's schemas, and references and patterns by hand. */
async function checkStructure(document: Node): Promise<void> {
  if (document.swagger !== undefined) {
    throw new Unservable(['swagger'], 'it is Swagger 2.0; convert it to OpenAPI 3.0 or 3.1 first');
  }
  if (!/^3\.[01]\.\d+$/.test(String(document.openapi))) {
    const found = document.openapi === undefined ? 'is missing' : `is ${JSON.stringify(document.openapi)}`;
    throw new Unservable(['openapi'], `the version ${found}; OpenAPI 3.0 and 3.1 are served`);
  }
  checkDocumentSize(document);
  checkSchemaParts(document, document, [], false);
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  validator ??= new Validator();
  const { valid, errors } = await validator.validate(document);
  if (valid) return;
  if (!Array.isArray(errors)) throw new Unservable([], String(errors));
  const worst = deepestError(errors as ErrorObject[]);
  throw new Unservable(steps(document, worst.instancePath), errorText(worst));
}

/** The error deepest in the document: a union reports the errors of all its branches, which mostly follow from it. */
function deepestError(errors: readonly ErrorObject[]): ErrorObject {
  const depth = ({ keyword, params, instancePath }: ErrorObject) =>
    /^(oneOf|anyOf|if)$/.test(keyword) || params.missingProperty === '$ref' ? -1 : instancePath.split('/').length;
  return [...errors].sort((a, b) => depth(b) - depth(a))[0] as ErrorObject;
}

/** An Ajv error as the end of a sentence. */
export function errorText({ message, params }: ErrorObject): string {
  const { allowedValues, additionalProperty, unevaluatedProperty } = params as Record<string, unknown>;
  const extra = additionalProperty ?? unevaluatedProperty;
  if (extra !== undefined) return `${JSON.stringify(extra)} does not belong there`;
  return `it ${message}${Array.isArray(allowedValues) ? ` (${allowedValues.join(', ')})` : ''}`;
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

/** The target of a local reference; undefined when there is none. */
export function pointed(document: Node, reference: string): unknown {
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

/** Keys whose values are data, not schemas. */
const DATA = new Set(['example', 'default', 'enum', 'const', 'value']);
/** Keys of maps whose own keys are names. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'schemas', 'examples', 'paths']);

function checkSchemaParts(document: Node, node: unknown, at: readonly PropertyKey[], named: boolean): void {
  if (Array.isArray(node)) {
    // `examples` of a schema is a list of values.
    if (at.at(-1) !== 'examples')
      for (const [n, one] of node.entries()) checkSchemaParts(document, one, [...at, n], false);
    return;
  }
  if (!isNode(node)) return;
  if (!named) {
    const { $ref, pattern } = node;
    if (typeof $ref === 'string') checkReference(document, $ref, at);
    if (typeof pattern === 'string') checkPattern(pattern, [...at, 'pattern']);
  }
  for (const [key, value] of Object.entries(node)) {
    if (named || !DATA.has(key)) checkSchemaParts(document, value, [...at, key], !named && NAMED.has(key));
  }
}

function checkReference(document: Node, reference: string, at: readonly PropertyKey[]): void {
  if (!reference.startsWith('#')) {
    throw new Unservable(at, `it refers to ${reference}, outside of the document; bundle it into one file`);
  }
  if (reference.startsWith('#/') && pointed(document, reference) === undefined) {
    throw new Unservable(at, `it refers to ${reference}, which does not exist`);
  }
}

function checkPattern(pattern: string, at: readonly PropertyKey[]): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    throw new Unservable(at, `it is not a regular expression (${(error as Error).message})`);
  }
}
