// The list of providers; mounts, documents, fixtures, tests and documentation tables are derived from it.
import type { Provider } from '../core/provider/provider.ts';
import { conductor } from './conductor/index.ts';
import { pagecall } from './pagecall/index.ts';
import { proficient } from './proficient/index.ts';

/** All emulated providers. */
export const PROVIDERS: readonly Provider[] = [proficient, pagecall, conductor];

/** What a missing key means with auth=spec, in one sentence. */
export const WITHOUT_KEY = `A call without a key is ${PROVIDERS.map(
  ({ title, auth }) => `${auth.withoutKey} at ${title}`,
).join(', ')}.`;
