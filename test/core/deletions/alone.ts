// A sandbox without a server, for what no request can show.
import { loadFixtures } from '../../../src/core/sandbox/fixtures.ts';
import type { Sandbox } from '../../../src/core/sandbox/sandbox.ts';
import { LIMITS, Sandboxes } from '../../../src/core/sandbox/sandboxes.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/sandbox/settings.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { ROOT } from '../../harness.ts';

/** A sandbox without a server. */
export function alone(): Sandbox {
  const fixtures = loadFixtures(`${ROOT}/fixtures`, `${ROOT}/fixtures`, PROVIDERS);
  const settings = { ...DEFAULT_SETTINGS, seed: 'seed' };
  return new Sandboxes(fixtures, {
    ...LIMITS,
    settings,
    data: null,
    journalSize: 1,
    webhooks: false,
    now: Date.now,
  }).find('alone');
}
