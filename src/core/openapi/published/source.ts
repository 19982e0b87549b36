// Reads a published OpenAPI document, JSON or YAML, and rejects one that cannot be served, with place and reason.
import { readFile } from 'node:fs/promises';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { pathText } from '../../json-text.ts';
import { diskErrorMessage } from '../../storage/disk.ts';
import { isNode, type Node, steps } from '../document-parts.ts';
import { errorText, Unservable } from '../unservable.ts';
import { checkDocumentSize } from './document-size.ts';

/** A published document that cannot be served; the message names provider, file, place and reason. */
export class ContractError extends Error {}

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

async function parse(file: string, content: string): Promise<Node> {
  const text = content.replace(/^\uFEFF/, '');
  let value: unknown;
  if (/^\s*\{/.test(text) && !/\.ya?ml$/i.test(file)) {
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Unservable([], `it is not JSON (${(error as Error).message})`);
    }
  } else {
    const { CORE_SCHEMA, load, mergeTag } = await import('js-yaml');
    try {
      value = load(text, { schema: CORE_SCHEMA.withTags(mergeTag) });
    } catch (error) {
      // The lines after the first quote the source.
      throw new Unservable([], `it is not YAML (${(error as Error).message.split('\n', 1)[0]})`);
    }
  }
  if (!isNode(value)) throw new Unservable([], 'it is not an OpenAPI document');
  return value;
}

/**
 * The validator's part that holds a document against the schema of its version. Its `validate` also follows references,
 * and takes examples for schemas then.
 */
interface DocumentValidator {
  getAjvValidator(version: string): ValidateFunction;
}

/** Compiles the schema of an OpenAPI version on first use, which takes 250 ms. */
let validator: DocumentValidator | undefined;

/** Validates version and structure with the OpenAPI specification's schemas. */
async function checkStructure(document: Node): Promise<void> {
  if (document.swagger !== undefined) {
    throw new Unservable(['swagger'], 'it is Swagger 2.0; convert it to OpenAPI 3.0 or 3.1 first');
  }
  if (!/^3\.[01]\.\d+$/.test(String(document.openapi))) {
    const found = document.openapi === undefined ? 'is missing' : `is ${JSON.stringify(document.openapi)}`;
    throw new Unservable(['openapi'], `the version ${found}; OpenAPI 3.0 and 3.1 are served`);
  }
  checkDocumentSize(document);
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  validator ??= new Validator({ validateFormats: false }) as unknown as DocumentValidator;
  const validate = validator.getAjvValidator(String(document.openapi).slice(0, 3));
  if (validate(document)) return;
  const worst = deepestError(validate.errors as ErrorObject[]);
  throw new Unservable(steps(document, worst.instancePath), errorText(worst));
}

/** The error deepest in the document: a union reports the errors of all its branches, which mostly follow from it. */
function deepestError(errors: readonly ErrorObject[]): ErrorObject {
  const depth = ({ keyword, params, instancePath }: ErrorObject) =>
    /^(oneOf|anyOf|if)$/.test(keyword) || params.missingProperty === '$ref' ? -1 : instancePath.split('/').length;
  return [...errors].sort((a, b) => depth(b) - depth(a))[0] as ErrorObject;
}
