// The OpenAPI document served for a provider: its contract with notes and examples for this sandbox.
import type { Contract, ContractOperation } from '../provider/contract.ts';
import { Failure, possibleErrors } from '../provider/errors.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { addSample } from '../provider/samples.ts';
import { describeSources, preamble, sentences } from './descriptions.ts';
import type { EffectiveContract } from './overlay.ts';
import { withPublished } from './published/served.ts';

/**
 * The OpenAPI document of a provider, extended by the published one given with `--contract`. Its servers are paths; the
 * control plane makes them absolute.
 */
export function servedDocument(provider: Provider, contract: EffectiveContract): Contract {
  const document: Contract = structuredClone(contract);
  const { paths, components, 'x-understudy-unmatched': unmatched } = document;
  for (const part of [paths, components, unmatched]) describeSources(part);
  document.info.description = preamble(contract, provider.auth.withoutKey);
  document['x-understudy-deviations'] = [
    ...contract['x-understudy-deviations'],
    {
      where: '$.servers',
      published: contract.servers,
      ours: 'the origin that serves this document',
      why: 'Calls go to the sandbox, not to the real service.',
    },
  ];
  document.servers = [{ url: provider.mount + provider.base }];
  for (const operation of provider.operations) {
    if (operation.fromDocument) continue;
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()] as ContractOperation;
    described.description = sentences(described.description, { ...provider.notes }[operation.operation]);
    addSample(described, provider.samples, operation.operation);
    addErrorExamples(document, described, provider, operation);
  }
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) {
      const name = operation.operationId ?? operation['x-understudy-operation'];
      if (provider.absent.includes(String(name))) operation.description = sentences(operation.description, NOT_BUILT);
    }
  }
  return provider.published === undefined ? document : withPublished(provider, document);
}

const NOT_BUILT = 'Not built into Understudy yet: it responds as to an unknown route, with 404.';

/** Adds examples to each error status: the body of every error with that status, by its name in the catalogue. */
function addErrorExamples(
  { components }: Contract,
  { responses }: ContractOperation,
  { errors }: Provider,
  operation: Operation,
): void {
  const possible = possibleErrors(errors, operation, Object.keys(responses).map(Number));
  for (const [status, response] of Object.entries(responses)) {
    // Operations may share a response; its examples are the same for all of them.
    const { content, headers } = response.$ref === undefined ? response : sharedResponse(components, response.$ref);
    const entries = possible.filter((entry) => entry.status === Number(status));
    if (entries.length === 0) continue;
    const [header] = Object.values({ ...headers });
    const { example = '' } = { ...header?.schema } as { example?: string };
    const examples = Object.fromEntries(
      entries.map((entry) => [
        entry.name,
        { summary: entry.when, value: errors.body(new Failure(entry), { requestId: example }) },
      ]),
    );
    for (const media of Object.values({ ...content })) media.examples = examples;
  }
}

type Responses = ContractOperation['responses'];

function sharedResponse({ responses }: Contract['components'], reference: string): Responses[string] {
  return (responses as Responses)[reference.slice(reference.lastIndexOf('/') + 1)] as Responses[string];
}
