// A provider's published contract with our additions folded in: what validators, documents and tests go by.
import { readFileSync } from 'node:fs';

/** One operation of a contract, as far as we read it. */
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

/** An OpenAPI document. `x-understudy-unmatched` holds the answers to requests that match no operation. */
export interface Contract {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers: { url: string }[];
  security?: Record<string, string[]>[];
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, ContractOperation>>;
  components: { schemas: Record<string, object>; securitySchemes?: Record<string, object> };
  /** Where we had to depart from what is published. */
  'x-understudy-deviations'?: { where: string; published: unknown; ours: unknown; why: string }[];
  'x-understudy-webhooks'?: Record<string, { post: { summary: string; description: string } }>;
  'x-understudy-unmatched'?: ContractOperation['responses'];
}

const ADDITIONS = 'x-understudy-additions';

/** Reads a contract file and folds the additions in. Throws when it is not JSON. */
export function effectiveContract(file: string | URL): Contract {
  return foldAdditions(JSON.parse(readFileSync(file, 'utf8')));
}

/**
 * Each `x-understudy-additions` is an overlay on the object it stands in: objects merge key by key, lists are
 * appended, plain values replace. At the root its `responses` answer whatever matches no operation.
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
