// Makes the control plane's generated document readable: tags, operation ids, descriptions and examples.
import type { Contract, ContractOperation } from '../core/provider/contract.ts';
import type { Provider } from '../core/provider/provider.ts';
import { DEFAULT_SANDBOX } from '../core/sandbox/sandbox-name.ts';
import { BODIES, PARAMETERS, PROBLEM_EXAMPLES } from './examples.ts';

/** The tags in display order, each with the first path segments below the prefix that belong to it. */
const TAGS: readonly { name: string; description: string; paths: readonly string[] }[] = [
  {
    name: 'sandboxes',
    description: 'Isolated worlds, each with its own rows, keys and settings.',
    paths: ['sandboxes'],
  },
  { name: 'reset', description: 'Back to where a sandbox started.', paths: ['reset'] },
  { name: 'state', description: 'The rows a sandbox holds, in the form of fixtures.', paths: ['state'] },
  {
    name: 'resources',
    description: 'The same rows by page, text and owner, each with the DELETE that removes it.',
    paths: ['resources'],
  },
  {
    name: 'snapshots',
    description: 'What a sandbox held at a moment, to go back to or compare with.',
    paths: ['snapshots'],
  },
  {
    name: 'faults',
    description: 'Failures on demand: by rule, or call by call for one client.',
    paths: ['faults', 'retry-tests'],
  },
  {
    name: 'requests',
    description: 'Which requests came, and whether those came that a test expects.',
    paths: ['requests'],
  },
  { name: 'deletions', description: 'What each deletion really took along.', paths: ['deletions'] },
  { name: 'erasure', description: 'Whether anything of a person is left, anywhere.', paths: ['erasure-checks'] },
  { name: 'clock', description: 'Time in a sandbox.', paths: ['clock'] },
  { name: 'webhooks', description: 'What was sent to addresses that clients set.', paths: ['webhooks'] },
  {
    name: 'server',
    description: 'How the server is doing, and what it tells about itself.',
    paths: ['health', 'ready', 'events', 'metrics', 'errors', 'openapi.json', 'openapi', 'docs', 'ui', 'ca.pem'],
  },
];

/** Routes that look at no sandbox, though they let it be named as everywhere. */
const ROUTES_WITHOUT_SANDBOX = /^\/__admin\/(sandboxes|metrics|ca\.pem)/;

/** Descriptions, by status, of responses whose route gives none. */
const RESPONSE_DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'The answer.',
  201: 'What was made.',
  204: 'Done.',
};

/** Returns the readable form of a generated document. `optional` tells whether a route's body may be omitted. */
export function readableDocument(
  document: Contract,
  providers: readonly Provider[],
  optional: (method: string, url: string) => boolean,
): Contract {
  const own = withoutDuplicateSchemas(document);
  const providerTags = providers
    .filter(({ actions = [] }) => actions.length > 0)
    .map(({ name, title }) => ({ name, description: `What ${title} has no API for.` }));
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

/** A component used by requests and responses comes out twice, as X and XInput, alike to the letter. */
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
    const operation = document.paths[`/__admin/${name}${action.path}`]?.post as ContractOperation;
    for (const parameter of parametersOf(operation))
      if (parameter.required) parameter.example = samples.parameters[parameter.name];
    const content = operation.requestBody?.content['application/json'];
    Object.assign(content as object, { example: samples.bodies[action.name] });
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

/** A provider's document as it is read from `own`, while its calls are answered at `origin`. */
export function withServers(document: Contract, origin: string, own: string): Contract {
  const servers = document.servers.map(({ url }) => ({ url: (origin + url).replace(/\/$/, '') }));
  if (origin === own) return { ...document, servers };
  const note = `**Calls can be read here, not tried.** A browser lets a page call its own origin only, and the API has another:
${servers.map(({ url }) => url).join(', ')}.`;
  const description = [note, document.info.description].filter(Boolean).join('\n\n');
  return { ...document, servers, info: { ...document.info, description } };
}
