// A provider's published contract merged with our additions; validators, documents and tests are based on it.
import { readFileSync } from 'node:fs';

/** An operation of a contract; only the members that are used. */
export interface ContractOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: readonly Readonly<Record<string, readonly string[]>>[];
  parameters?: { name: string; in: string; required?: boolean; schema: object; example?: unknown }[];
  requestBody?: {
    required?: boolean;
    content: Record<string, { schema: object; example?: unknown; examples?: object }>;
  };
  responses: Record<
    string,
    {
      description?: string;
      headers?: Record<string, { required?: boolean; schema: object }>;
      content?: Record<string, { schema: object }>;
    }
  >;
}

/** An OpenAPI document. `x-understudy-unmatched` has the responses to requests that match no operation. */
export interface Contract {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers: { url: string }[];
  security?: Record<string, string[]>[];
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, ContractOperation>>;
  components: { schemas: Record<string, object>; securitySchemes?: Record<string, object> };
  /** Deviations from the published contract. */
  'x-understudy-deviations'?: { where: string; published: unknown; ours: unknown; why: string }[];
  'x-understudy-webhooks'?: Record<string, { post: { summary: string; description: string } }>;
  'x-understudy-unmatched'?: ContractOperation['responses'];
}

const ADDITIONS = 'x-understudy-additions';

/** Reads a contract file and merges its additions. @throws SyntaxError when it is not JSON */
export function effectiveContract(file: string | URL): Contract {
  return foldAdditions(JSON.parse(readFileSync(file, 'utf8')));
}

/**
 * Merges each `x-understudy-additions` into the object that contains it: objects merge by key, lists are appended,
 * other values replace. The root's `responses` are those to requests that match no operation.
 */
export function foldAdditions(document: Record<string, unknown>): Contract {
  const folded = fold(document) as Record<string, unknown>;
  const { responses, ...rest } = folded;
  return { ...rest, 'x-understudy-unmatched': responses } as unknown as Contract;
}

function fold(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(fold);
  if (typeof node !== 'object' || node === null) return node;
  const { [ADDITIONS]: additions, ...own } = node as Record<string, unknown>;
  const folded = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, fold(value)]));
  return additions === undefined ? folded : merge(folded, fold(additions));
}

function merge(target: unknown, overlay: unknown): unknown {
  if (Array.isArray(target) && Array.isArray(overlay)) return [...target, ...overlay];
  if (!isObject(target) || !isObject(overlay)) return overlay;
  const merged = { ...target };
  for (const [key, value] of Object.entries(overlay)) merged[key] = key in merged ? merge(merged[key], value) : value;
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
