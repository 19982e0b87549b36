// The published documents a server is started with; src/core/openapi/published reads and validates them.
import type { ContractFile } from '../cli/values.ts';
import type { Published } from '../core/openapi/published/extended.ts';
import { PROVIDERS } from '../providers/index.ts';

/**
 * Reads the documents by provider; of two for one provider the later one is used.
 *
 * @param strict refuses documents of which a part cannot be served
 * @throws ContractError naming the first one that cannot be served
 */
export async function readContracts(files: readonly ContractFile[], strict = false): Promise<Map<string, Published>> {
  const contracts = new Map<string, Published>();
  if (files.length === 0) return contracts;
  const { readPublished } = await import('../core/openapi/published/index.ts');
  for (const { provider: name, file } of files) {
    for (const provider of PROVIDERS) {
      if (provider.name === name) contracts.set(name, await readPublished(provider, file, strict));
    }
  }
  return contracts;
}
