// Conductor's authentication: a secret key as bearer token. Invalid keys get 401 (documented), missing keys too (our choice).
import { bearerToken } from '../../core/http/bearer.ts';
import { Failure } from '../../core/provider/errors.ts';
import type { Auth } from '../../core/provider/provider.ts';
import { ERRORS } from './errors.ts';
import type { Keys } from './schema.ts';

/** Authenticates by secret key. All keys of a sandbox belong to one project, so the caller is null. */
export const AUTH: Auth = {
  credentials: (headers) => [bearerToken(headers.authorization) ?? ''],
  unknownSandbox: () => new Failure(ERRORS.API_KEY_INVALID, "Invalid API key provided: ''"),
  withoutKey: 'refused with 401',
  authenticate({ headers, sandbox }) {
    const key = bearerToken(headers.authorization) ?? '';
    const { secretKeys } = sandbox.document<Keys>('conductor', 'keys');
    const known = sandbox.settings.auth === 'spec' ? key.startsWith('sk_') : sandbox.acceptsKey(secretKeys, key);
    if (!known) throw new Failure(ERRORS.API_KEY_INVALID, `Invalid API key provided: '${masked(key)}'`);
    return null;
  },
};

/**
 * The masked key in error messages: prefix, dots, last four characters. The documented example is
 * `sk_live_...1234`; the handling of short keys and other formats is our choice.
 */
function masked(key: string): string {
  if (key === '') return '';
  const prefix = /^[^_]*_[^_]*_/.exec(key)?.[0] ?? '';
  const secret = key.slice(prefix.length);
  return `${prefix}...${secret.length < 8 ? '' : secret.slice(-4)}`;
}
