// An OpenAPI document of a provider, as far as it is read here.

/** One operation of a contract, as far as we read it. */
export interface ContractOperation {
  operationId?: string;
  /** What it is called here, where the published document gives it no id. */
  'x-understudy-operation'?: string;
  /** Who responds where a document was given with `--contract`: a handler with the sandbox's rows, or that document. */
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
      description?: string;
      headers?: Record<string, { required?: boolean; schema: object }>;
      content?: Record<string, { schema: object; example?: unknown; examples?: object }>;
    }
  >;
}

/** Where the served document departs from the published one. */
export interface Deviation {
  where: string;
  published: unknown;
  /** What is there instead; null for nothing. */
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
  components: { schemas: Record<string, object>; securitySchemes?: Record<string, object> };
  /** What the overlay adds to the published document. */
  'x-understudy-additions'?: { where: string; what: object; why: string }[];
  /** What the overlay changes in it. */
  'x-understudy-deviations'?: Deviation[];
  'x-understudy-webhooks'?: Record<string, { post: { summary: string; description: string } }>;
  'x-understudy-unmatched'?: ContractOperation['responses'];
}
