// Proficient's authentication: a secret key is an admin, a publishable key with an external id a client, whose user is created on first use.
import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { bearerToken } from '../../core/http/bearer.ts';
import { Failure } from '../../core/provider/errors.ts';
import type { Auth } from '../../core/provider/provider.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import type { Admin, Client } from './components.ts';
import { ERRORS, forbidden } from './errors.ts';
import type { Keys } from './schema.ts';
import { provisionUser } from './users.ts';

/** Looser than the published examples (72 letters and digits), so that short local keys work (our choice). */
const SECRET_KEY = /^sk_[A-Za-z0-9_-]{1,200}$/;
const PUBLISHABLE_KEY = /^pk_[A-Za-z0-9_-]{1,200}$/;

const SHARED = new Set(['users_get', 'users_update', 'agents_list', 'agents_get']);

/** Which of the two APIs has an operation (documented): interactions and messages are in the Client API only. */
export function audienceOf(operation: string): 'admin' | 'client' | 'both' {
  if (SHARED.has(operation)) return 'both';
  return /^(interactions|messages)_/.test(operation) ? 'client' : 'admin';
}

/**
 * The credentials, not the path, decide who calls (our choice: four paths are in both APIs). The published document
 * requires no key, so with `auth: spec` a call without one runs as admin, and only a malformed key is refused; `strict`
 * does what the provider's auth pages say: a key of the wrong kind is refused. `spec` refuses no key for its kind, but a
 * publishable key or an external id makes the caller a client, and a client never reads or deletes another user. With
 * `spec` a secret key may act as the user of an external id (our choice).
 */
export const AUTH: Auth = {
  credentials: (headers) => [bearerToken(headers.authorization) ?? '', publishableKey(headers) ?? ''],
  unknownSandbox: () => new Failure(ERRORS.invalid_credentials),
  withoutKey: 'served as admin',
  authenticate({ headers, sandbox, operation }): Admin | Client {
    const externalId = externalIdOf(headers);
    const kind =
      sandbox.settings.auth === 'strict' ? strictKind(headers, sandbox, externalId) : specKind(headers, externalId);
    const audience = audienceOf(operation);
    if (sandbox.settings.auth === 'strict' && audience !== 'both' && audience !== kind) {
      throw forbidden(`This operation takes ${audience === 'admin' ? 'a secret' : 'a publishable'} key.`);
    }
    if ((audience === 'both' ? kind : audience) === 'admin') {
      return { userId: null, onlyUser: kind === 'client' ? externalId : null };
    }
    if (externalId === '') throw new Failure(ERRORS.invalid_credentials);
    return { userId: provisionUser(sandbox, externalId) };
  },
};

function specKind(headers: IncomingHttpHeaders, externalId: string): 'admin' | 'client' {
  if (secretKey(headers) !== null) return 'admin';
  if (publishableKey(headers) === undefined && externalId === '') return 'admin';
  if (publishableKey(headers) !== undefined) wellFormed(headers, externalId);
  return 'client';
}

function strictKind(headers: IncomingHttpHeaders, sandbox: Sandbox, externalId: string): 'admin' | 'client' {
  const keys = sandbox.document<Keys>('proficient', 'keys');
  const secret = secretKey(headers);
  if (secret !== null) {
    if (!sandbox.acceptsKey(keys.secret_keys, secret)) throw new Failure(ERRORS.invalid_credentials);
    return 'admin';
  }
  const key = wellFormed(headers, externalId);
  if (!sandbox.acceptsKey(keys.publishable_keys, key) || !signed(headers, keys.hmac, externalId)) {
    throw new Failure(ERRORS.invalid_credentials);
  }
  return 'client';
}

/** The secret key; null without an Authorization header. Throws Failure invalid_credentials for any other value. */
function secretKey(headers: IncomingHttpHeaders): string | null {
  if (headers.authorization === undefined) return null;
  const key = bearerToken(headers.authorization);
  if (key === null || !SECRET_KEY.test(key)) throw new Failure(ERRORS.invalid_credentials);
  return key;
}

function publishableKey(headers: IncomingHttpHeaders): string | undefined {
  return headers['x-proficient-api-key'] as string | undefined;
}

/** The publishable key. Throws Failure invalid_credentials when it is malformed or the external id is missing. */
function wellFormed(headers: IncomingHttpHeaders, externalId: string): string {
  const key = publishableKey(headers);
  if (key === undefined || !PUBLISHABLE_KEY.test(key) || externalId === '')
    throw new Failure(ERRORS.invalid_credentials);
  return key;
}

/** The external id; '' when missing. Node decodes headers as Latin-1; valid UTF-8 is decoded again (our choice). */
function externalIdOf(headers: IncomingHttpHeaders): string {
  const text = (headers['x-proficient-user-external-id'] as string | undefined) ?? '';
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}

/** The HMAC of an external id: Base64(HMAC-SHA256(secret, external id)) (documented). */
export function signatureOf(externalId: string, { secret }: Keys['hmac']): string {
  return createHmac('sha256', secret).update(externalId).digest('base64');
}

/** Whether the HMAC of the external id is valid; always true when HMAC is disabled. */
function signed(headers: IncomingHttpHeaders, hmac: Keys['hmac'], externalId: string): boolean {
  if (!hmac.enabled) return true;
  const expected = Buffer.from(signatureOf(externalId, hmac));
  const given = Buffer.from((headers['x-proficient-user-hmac'] as string | undefined) ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
