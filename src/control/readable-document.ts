// Makes the control plane's generated document readable: tags, operation ids, descriptions and examples.
import type { Contract, ContractOperation } from '../core/provider/contract.ts';
import type { Provider } from '../core/provider/provider.ts';
import { DEFAULT_SANDBOX } from '../core/sandbox/sandbox-name.ts';
import { BODIES, PARAMETERS, PROBLEM_EXAMPLES } from './examples.ts';

/** The tags in display order, each with the first path segments below the prefix that belong to it. */
const TAGS: readonly { name: string; description: string; paths: readonly string[] }[] = [
  {
    name: 'sandboxes',
    description: 'Isolated copies of all providers, each with its own rows, keys and settings.',
    paths: ['sandboxes'],
  },
  { name: 'reset', description: 'Restores the initial state of a sandbox.', paths: ['reset'] },
  { name: 'state', description: 'The rows of a sandbox, in the format of fixtures.', paths: ['state'] },
  {
    name: 'resources',
    description: 'The same rows in pages, filtered by text and owner, each with the DELETE that removes it.',
    paths: ['resources'],
  },
  {
    name: 'snapshots',
    description: 'Saved states of a sandbox, to restore or to compare with.',
    paths: ['snapshots'],
  },
  {
    name: 'faults',
    description: 'Failures on demand: by rule, or per call for one client; and races of two requests.',
    paths: ['faults', 'retry-tests', 'barriers'],
  },
  {
    name: 'requests',
    description: 'The requests received, whether they are those that a test expects, and what they show of clients.',
    paths: ['requests', 'clients'],
  },
  { name: 'deletions', description: 'Receipts: which rows each deletion removed.', paths: ['deletions'] },
  { name: 'erasure', description: 'Searches all providers for what is left of a person.', paths: ['erasure-checks'] },
  { name: 'clock', description: 'The clock of a sandbox.', paths: ['clock'] },
  { name: 'webhooks', description: 'Deliveries to the URLs that clients have set.', paths: ['webhooks'] },
  {
    name: 'server',
    description: 'Health, metrics, events, documents and pages of the server.',
    paths: ['health', 'ready', 'events', 'metrics', 'errors', 'openapi.json', 'openapi', 'docs', 'ui', 'ca.pem'],
  },
];

/** Routes that ignore the sandbox parameter, which every route accepts. */
const ROUTES_WITHOUT_SANDBOX = /^\/__admin\/(sandboxes|metrics|ca\.pem)/;

/** Descriptions, by status, of responses whose route gives none. */
const RESPONSE_DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Success.',
  201: 'Created.',
  204: 'Success, without a body.',
};

/** Returns the readable form of a generated document. `optional` returns whether a route's body may be omitted. */
export function readableDocument(
  document: Contract,
  providers: readonly Provider[],
  optional: (method: string, url: string) => boolean,
): Contract {
  const own = withoutDuplicateSchemas(document);
  const providerTags = providers
    .filter(({ actions = [] }) => actions.length > 0)
    .map(({ name, title }) => ({ name, description: `Events that ${title} has no API for.` }));
  own.tags = [...TAGS.map(({ name, description }) => ({ name, description })), ...providerTags];
  for (const [path, item] of Object.entries(own.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const route = `${method.toUpperCase()} ${path.replace('/__admin', '')}`;
      operation.operationId = operationIdOf(route);
      operation.tags = [tagOf(path)];
      // Viewers show summaries as plain text.
      operation.summary = capitalized((operation.summary as string).replaceAll('`', ''));
      describeParameters(operation, route, path);
      if (operation.requestBody !== undefined) {
        operation.requestBody.required = !optional(method, path);
        Object.assign(operation.requestBody.content['application/json'] as object, { examples: BODIES[route] });
      }
      for (const [status, response] of Object.entries(operation.responses)) {
        if (response.description === 'Default Response') response.description = RESPONSE_DESCRIPTIONS[status] as string;
        const problem = response.content?.['application/problem+json'];
        if (problem !== undefined) problem.example = PROBLEM_EXAMPLES.get(Number(status));
      }
    }
  }
  for (const provider of providers) addActionExamples(own, provider);
  return own;
}

/** Merges X and XInput: a component used by requests and responses is generated twice, with identical schemas. */
function withoutDuplicateSchemas(document: Contract): Contract {
  const { schemas } = document.components;
  const duplicates = Object.keys(schemas).filter((name) => name.endsWith('Input') && name.slice(0, -5) in schemas);
  const text = duplicates.reduce(
    (text, name) => text.replaceAll(`schemas/${name}"`, `schemas/${name.slice(0, -5)}"`),
    JSON.stringify(document),
  );
  const single: Contract = JSON.parse(text);
  for (const name of duplicates) delete single.components.schemas[name];
  return single;
}

/** `postSnapshotsByNameRestore`: a name that links and generated clients can use. */
function operationIdOf(route: string): string {
  const words = route.replaceAll('{', 'by-').match(/\w+/g) as string[];
  return words.map((word, n) => (n === 0 ? word.toLowerCase() : capitalized(word))).join('');
}

/** The tag of a path; provider actions are tagged with the provider's name. */
function tagOf(path: string): string {
  const [, , part = ''] = path.split('/');
  return TAGS.find(({ paths }) => paths.includes(part))?.name ?? part;
}

function capitalized(summary: string): string {
  return summary.slice(0, 1).toUpperCase() + summary.slice(1);
}

function describeParameters(operation: ContractOperation, route: string, path: string): void {
  const parameters = (operation.parameters ?? []).filter(
    ({ name }) => name !== 'sandbox' || !ROUTES_WITHOUT_SANDBOX.test(path),
  );
  for (const parameter of parameters) Object.assign(parameter, PARAMETERS[`${route} ${parameter.name}`]);
  operation.parameters = parameters;
}

/** The parameters of an operation after `describeParameters`, which always sets them. */
function parametersOf({ parameters }: ContractOperation): NonNullable<ContractOperation['parameters']> {
  return parameters as NonNullable<ContractOperation['parameters']>;
}

/** Adds the provider's sample parameters and bodies to its actions. */
function addActionExamples(document: Contract, { name, actions = [], samples }: Provider): void {
  for (const action of actions) {
    const item = document.paths[`/__admin/${name}${action.path}`];
    const operation = (action.body === null ? item?.get : item?.post) as ContractOperation;
    const own = samples.operations?.[action.name] ?? {};
    for (const parameter of parametersOf(operation)) {
      if (parameter.required) parameter.example = own[parameter.name] ?? samples.parameters[parameter.name];
    }
    const content = operation.requestBody?.content['application/json'];
    if (content !== undefined) Object.assign(content, { example: samples.bodies[action.name] });
  }
}

/** The document with that sandbox as the example of every `sandbox` parameter; unchanged for `default`. */
export function withSandbox(document: Contract, sandbox: string): Contract {
  if (sandbox === DEFAULT_SANDBOX) return document;
  const copy = structuredClone(document);
  for (const operation of Object.values(copy.paths).flatMap((item) => Object.values(item))) {
    for (const parameter of parametersOf(operation)) if (parameter.name === 'sandbox') parameter.example = sandbox;
  }
  return copy;
}

/** A document with absolute servers at `origin`; with a note if the reader's own origin is another one. */
export function withServers(document: Contract, origin: string, own: string): Contract {
  const servers = document.servers.map(({ url }) => ({ url: (origin + url).replace(/\/$/, '') }));
  if (origin === own) return { ...document, servers };
  const note = `**Calls cannot be sent from this page.** A browser lets a page call its own origin only, and the API has another:
${servers.map(({ url }) => url).join(', ')}.`;
  const description = [note, document.info.description].filter(Boolean).join('\n\n');
  return { ...document, servers, info: { ...document.info, description } };
}
