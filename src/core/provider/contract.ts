// Types of a provider's OpenAPI document; only the members that are used.

/** An operation of a contract; only the members that are used. */
export interface ContractOperation {
  operationId?: string;
  /** Understudy's name for it when the published document has no operationId. */
  'x-understudy-operation'?: string;
  /** With `--contract`: whether a handler responds from the sandbox's rows, or the document's examples do. */
  'x-understudy-answered'?: 'state' | 'document';
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
      /** A response of the components; the other members are there then. */
      $ref?: string;
      description?: string;
      headers?: Record<string, { required?: boolean; schema: object }>;
      content?: Record<string, { schema: object; example?: unknown; examples?: object }>;
    }
  >;
}

/** A place where the served document differs from the published one. */
export interface Deviation {
  where: string;
  published: unknown;
  /** The value that replaces it; null when it is removed. */
  ours: unknown;
  why: string;
}

/** An OpenAPI document. `x-understudy-unmatched` holds the responses to requests that match no operation. */
export interface Contract {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers: { url: string }[];
  security?: Record<string, string[]>[];
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, ContractOperation>>;
  components: {
    schemas: Record<string, object>;
    securitySchemes?: Record<string, object>;
    responses?: ContractOperation['responses'];
  };
  /** What the overlay adds to the published document. */
  'x-understudy-additions'?: { where: string; what: object; why: string }[];
  /** What the overlay changes in it. */
  'x-understudy-deviations'?: Deviation[];
  'x-understudy-webhooks'?: Record<string, { post: { summary: string; description: string } }>;
  'x-understudy-unmatched'?: ContractOperation['responses'];
}
