// The document a provider is served with: its contract, with the notes and examples of this sandbox.
import type { Contract, ContractOperation } from '../provider/contract.ts';
import { Failure, possibleErrors } from '../provider/errors.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { addSample } from '../provider/samples.ts';
import { describeSources, preamble, sentences } from './descriptions.ts';
import type { EffectiveContract } from './overlay.ts';
import { withPublished } from './published/served.ts';

/**
 * The OpenAPI document of a provider, with the published one that was given with `--contract` around it. Its servers
 * are still the provider's paths on whatever host it is read from; the control plane knows the host.
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
      ours: 'where this document is read from',
      why: 'Calls are for the sandbox, not for the real service.',
    },
  ];
  document.servers = [{ url: provider.mount + provider.base }];
  for (const operation of provider.operations) {
    if (operation.fromDocument) continue;
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()] as ContractOperation;
    described.description = sentences(described.description, { ...provider.notes }[operation.operation]);
    addSample(described, provider.samples, operation.operation);
    addErrorExamples(described, provider, operation);
  }
  return provider.published === undefined ? document : withPublished(provider, document);
}

/** Shows for each error status the bodies that come with it, by the names of the catalogue. */
function addErrorExamples({ responses }: ContractOperation, { errors }: Provider, operation: Operation): void {
  const possible = possibleErrors(errors, operation, Object.keys(responses).map(Number));
  for (const [status, { content, headers }] of Object.entries(responses)) {
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
