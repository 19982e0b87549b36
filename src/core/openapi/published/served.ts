// The document served with `--contract`: the published one with our servers, marks, samples and additional responses.
import type { Contract, ContractOperation } from '../../provider/contract.ts';
import type { Provider } from '../../provider/provider.ts';
import { addSample } from '../../provider/samples.ts';
import { below, shapeOf } from './listing.ts';

interface Mark {
  'x-understudy-answered'?: 'state' | 'document';
}

type Components = Record<string, Record<string, unknown>>;

/**
 * A provider's own document, or the published one given with `--contract`. In the latter the servers are ours,
 * operations are marked with `x-understudy-answered` and get the responses we add, and operations missing from it are
 * added.
 */
export function servedDocument(provider: Provider, own: object): object {
  if (provider.published === undefined) return own;
  const ours = own as Contract;
  const document = structuredClone(provider.published.document) as Contract & { components?: Components };
  document.servers = [{ url: provider.mount + provider.base }];
  document.paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, item]) => [below(provider.base, path), item]),
  );
  const written = new Map(Object.keys(document.paths).map((path) => [shapeOf('', path), path]));
  for (const { operation: name, method, path, fromDocument } of provider.operations) {
    const verb = method.toLowerCase();
    const place = written.get(shapeOf('', path)) ?? path;
    const item = document.paths[place] ?? {};
    document.paths[place] = item;
    const described = ours.paths[path]?.[verb];
    const operation: (ContractOperation & Mark) | undefined =
      item[verb] ?? (described === undefined ? undefined : renamed(described, path, place));
    // The operation is in a path item behind a reference.
    if (operation === undefined) continue;
    if (!fromDocument) addSample(operation, provider.samples, name);
    operation['x-understudy-answered'] = fromDocument ? 'document' : 'state';
    operation.responses = { ...described?.responses, ...operation.responses };
    item[verb] = operation;
  }
  document.components = joined(ours.components as Components, document.components ?? {}) as never;
  if (ours['x-understudy-unmatched'] !== undefined) document['x-understudy-unmatched'] = ours['x-understudy-unmatched'];
  return document;
}

/** Our operation with the document's names for its path parameters. */
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
