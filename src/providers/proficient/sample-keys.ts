// Sample keys of a sandbox, and the authentication headers for deletions.

import type { Row } from '../../core/row.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import { audienceOf, signatureOf } from './auth.ts';
import type { Keys } from './schema.ts';

/** A secret and a publishable key that select the sandbox. */
export function sampleKeys(sandbox: string): { secretKey: string; publishableKey: string } {
  const suffix = sandbox === 'default' ? '' : `_sbx_${sandbox}`;
  return { secretKey: `sk_test_understudy${suffix}`, publishableKey: `pk_test_understudy${suffix}` };
}

/** Headers for deleting a row: interactions and messages need their own user's credentials, all else the secret key. */
export function removalHeaders(sandbox: Sandbox, resource: string, row: Row): Record<string, string> {
  const { secretKey, publishableKey } = sampleKeys(sandbox.name);
  if (audienceOf(`${resource}_delete`) === 'admin') return { authorization: `Bearer ${secretKey}` };
  const { external_id } = sandbox.db.get(
    'select external_id from proficient_users where id = (select user_id from proficient_interactions where id = ?)',
    (row.interaction_id ?? row.id) as string,
  ) as { external_id: string };
  const { hmac } = sandbox.document<Keys>('proficient', 'keys');
  return {
    'x-proficient-api-key': publishableKey,
    'x-proficient-user-external-id': external_id,
    ...(hmac.enabled ? { 'x-proficient-user-hmac': signatureOf(external_id, hmac) } : {}),
  };
}
