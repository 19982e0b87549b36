// All fuzz targets, derived from the served documents and the providers.
import type { Provider } from '../../src/core/provider/provider.ts';
import { authorizations } from '../../src/core/provider/samples.ts';
import { PROVIDERS } from '../../src/providers/index.ts';
import type { TestServer } from '../harness.ts';
import { type Schema, TIMEOUT } from './schema-values.ts';

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
  readonly example: string | null;
}

/** A provider operation, control-plane operation or page. */
export interface Target {
  readonly name: string;
  /** Null for the control plane. */
  readonly provider: string | null;
  readonly method: string;
  /** From the root, with parameters in braces. */
  readonly path: string;
  /** The host of the real service, at which the mount path is omitted. */
  readonly service: { readonly host: string; readonly mount: string } | null;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: Schema; readonly examples: readonly unknown[] } | null;
  /** Authentication header lines; `{sandbox}` is replaced by the sandbox suffix of keys. */
  readonly credentials: readonly string[];
  /** Weight of the target; low for routes that only report on the server. */
  readonly weight: number;
  /** A page for browsers, which is in no document. */
  readonly isPage: boolean;
  /** Whether its response may be delayed by a wait. */
  readonly waits: boolean;
  /** Injectable statuses, and some that are not. */
  readonly statuses: readonly number[];
}

/** The tag of the control plane's document for the server itself. */
const ABOUT_SERVER = 'server';

type Node = Record<string, any>;

/** The operations of all providers and of the control plane. */
export async function targetsOf(call: TestServer['call']): Promise<Target[]> {
  const own = (await call('GET', '/__admin/openapi.json')).body;
  const targets = described(own, null, '', () => []);
  for (const provider of PROVIDERS) {
    const document = (await call('GET', `/__admin/openapi/${provider.name}.json`)).body;
    const keys = authorizations(provider, SUFFIXED);
    targets.push(
      ...described(document, provider, provider.mount + provider.base, (operation) =>
        credentialsOf(operation, document, keys),
      ),
      ...(provider.pages ?? []).map(({ method, path }) => pageTarget(provider, method, path)),
    );
  }
  return targets;
}

/** The sandbox name in the keys, which is replaced by that of the addressed sandbox. */
const SUFFIXED = 'named-by-key';
const SUFFIX = `_sbx_${SUFFIXED}`;

function described(
  document: Node,
  provider: Provider | null,
  prefix: string,
  credentials: (operation: Node) => string[],
): Target[] {
  return Object.entries(document.paths as Node).flatMap(([path, item]) =>
    Object.entries(item as Node).map(([method, operation]: [string, Node]): Target => {
      const content = operation.requestBody?.content['application/json'];
      const schema = content && resolved(content.schema, document);
      return {
        name: operation.operationId ?? `${method} ${path}`,
        provider: provider?.name ?? null,
        method: method.toUpperCase(),
        path: prefix + path,
        service: provider === null ? null : serviceOf(provider),
        parameters: (operation.parameters ?? []).map((one: Node) => ({
          ...one,
          required: one.required === true,
          schema: resolved(one.schema, document),
          example: one.example === undefined ? null : String(one.example),
        })),
        body: content === undefined ? null : { schema, examples: examplesOf(content) },
        credentials: credentials(operation),
        weight: provider === null && operation.tags[0] === ABOUT_SERVER ? 1 : 4,
        isPage: false,
        waits: schema?.properties?.[TIMEOUT] !== undefined,
        statuses: Object.keys(operation.responses).map(Number),
      };
    }),
  );
}

function serviceOf({ hosts, mount }: Provider): Target['service'] {
  return { host: hosts[0] as string, mount };
}

function pageTarget(provider: Provider, method: string, below: string): Target {
  const path = provider.mount + below;
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    example: null,
  }));
  const none = { body: null, credentials: [], weight: 4, isPage: true, waits: false, statuses: [] };
  const service = serviceOf(provider);
  return { name: `${method} ${path}`, provider: provider.name, method, path, service, parameters, ...none };
}

function examplesOf({ example, examples }: Node): unknown[] {
  if (examples === undefined) return example === undefined ? [] : [example];
  return Object.values(examples as Node).map(({ value }) => value);
}

function credentialsOf({ security }: Node, document: Node, keys: Record<string, string>): string[] {
  const schemes = ((security ?? document.security) as Node[]).flatMap((one) => Object.keys(one));
  return schemes.map((name) => {
    const { type, name: header } = document.components.securitySchemes[name];
    const line = type === 'http' ? `Authorization: Bearer ${keys[name]}` : `${header}: ${keys[name]}`;
    return line.replace(SUFFIX, '{sandbox}');
  });
}

/** A schema with references resolved; recursive references accept any value. */
function resolved(node: any, document: Node, above: readonly string[] = []): any {
  if (Array.isArray(node)) return node.map((one) => resolved(one, document, above));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, nullable, ...rest } = node;
  const own = Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, resolved(one, document, above)]));
  if (nullable === true) return { anyOf: [own, { type: 'null' }] };
  if ($ref === undefined) return own;
  if (above.includes($ref)) return {};
  const found = $ref
    .slice(2)
    .split('/')
    .reduce((at: Node, step: string) => at[step], document);
  return { ...resolved(found, document, [...above, $ref]), ...own };
}
