// Pagecall's authentication: an API key as bearer token on every operation; a missing or invalid key gets 400 (documented).
import { bearerToken } from '../../core/http/bearer.ts';
import { Failure } from '../../core/provider/errors.ts';
import type { Auth } from '../../core/provider/provider.ts';
import { ERRORS } from './errors.ts';
import type { Keys } from './schema.ts';

/** Authenticates by API key. All keys of a sandbox belong to one workspace, so the caller is null. */
export const AUTH: Auth = {
  credentials: (headers) => [bearerToken(headers.authorization) ?? ''],
  unknownSandbox: () => new Failure(ERRORS.MISSING_KEY),
  withoutKey: 'refused with 400',
  authenticate({ headers, sandbox }) {
    const key = bearerToken(headers.authorization);
    if (key === null) throw new Failure(ERRORS.MISSING_KEY);
    if (sandbox.settings.auth === 'spec') return null;
    const { api_keys } = sandbox.document<Keys>('pagecall', 'keys');
    if (!sandbox.acceptsKey(api_keys, key)) throw new Failure(ERRORS.UNKNOWN_KEY);
    return null;
  },
};
