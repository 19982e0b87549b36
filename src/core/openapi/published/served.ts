// The document served with `--contract`: the published one with our servers, marks, samples and additional responses.
import type { Contract, ContractOperation } from '../../provider/contract.ts';
import type { Operation, Provider } from '../../provider/provider.ts';
import { addSample } from '../../provider/samples.ts';
import { ERROR, errorResponses, errorSchema } from './answered-errors.ts';
import { below, shapeOf } from './listing.ts';

type Components = Record<string, Record<string, unknown>>;

type Additions = NonNullable<Contract['x-understudy-additions']>;

/**
 * The published document given with `--contract`, with our servers, with our responses for operations that have a
 * handler, and with handlers it does not declare. Each operation is marked with its source; additions are listed.
 */
export function withPublished(provider: Provider, ours: Contract): Contract {
  const { document: published } = provider.published as NonNullable<Provider['published']>;
  const document = structuredClone(published) as Contract & { components?: Components };
  document.servers = ours.servers;
  document.paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, item]) => [below(provider.base, path), item]),
  );
  const additions: Additions = [
    {
      where: '$.paths[*][*]',
      what: { 'x-understudy-answered': 'state or document' },
      why: 'Marks which operations use the rows of a sandbox, and which respond with examples of this document.',
    },
  ];
  const written = new Map(Object.keys(document.paths).map((path) => [shapeOf('', path), path]));
  for (const operation of provider.operations) {
    const place = written.get(shapeOf('', operation.path)) ?? operation.path;
    const item = document.paths[place] ?? {};
    document.paths[place] = item;
    const described = ours.paths[operation.path]?.[operation.method.toLowerCase()];
    const added = addOperation(provider, operation, place, item, described);
    if (added !== null) additions.push(added);
  }
  document.components = joined(ours.components as Components, document.components ?? {}) as never;
  if (provider.operations.some(({ fromDocument }) => fromDocument)) {
    Object.assign(document.components.schemas, { [ERROR]: errorSchema(provider, String(document.openapi)) });
  }
  if (ours['x-understudy-unmatched'] !== undefined) document['x-understudy-unmatched'] = ours['x-understudy-unmatched'];
  document['x-understudy-additions'] = additions;
  return document;
}

/** Completes an operation of the document, or adds it. Returns what was added; null for nothing. */
function addOperation(
  provider: Provider,
  served: Operation,
  place: string,
  item: Record<string, ContractOperation>,
  described: ContractOperation | undefined,
): Additions[number] | null {
  const { operation: name, method, path, fromDocument } = served;
  const verb = method.toLowerCase();
  const declared = item[verb];
  const operation = declared ?? (described === undefined ? undefined : renamed(described, path, place));
  // Its path item is a reference, so it is declared elsewhere.
  if (operation === undefined) return null;
  if (!fromDocument) addSample(operation, provider.samples, name);
  operation['x-understudy-answered'] = fromDocument ? 'document' : 'state';
  const ours = fromDocument ? errorResponses(provider, served) : { ...described?.responses };
  const missing = Object.entries(ours).filter(([status]) => !(status in operation.responses));
  operation.responses = { ...Object.fromEntries(missing), ...operation.responses };
  item[verb] = operation;
  const where = `$.paths['${place}'].${verb}`;
  if (declared === undefined)
    return { where, what: { operationId: name }, why: 'Understudy implements it; the document does not declare it.' };
  if (missing.length === 0) return null;
  const what = { responses: Object.fromEntries(missing.map(([status, { description }]) => [status, { description }])) };
  return { where, what, why: 'Understudy responds with these statuses; the document does not declare them.' };
}

/** Our operation with the parameter names that the document uses in its path. */
function renamed(operation: ContractOperation, path: string, place: string): ContractOperation {
  const names = (one: string) => [...one.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name as string);
  const [own, theirs] = [names(path), names(place)];
  const parameters = operation.parameters?.map((parameter) =>
    parameter.in === 'path' ? { ...parameter, name: theirs[own.indexOf(parameter.name)] as string } : parameter,
  );
  return { ...operation, ...(parameters === undefined ? {} : { parameters }) };
}

function joined(ours: Components, theirs: Components): Components {
  const kinds = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return Object.fromEntries([...kinds].map((kind) => [kind, { ...ours[kind], ...theirs[kind] }]));
}
