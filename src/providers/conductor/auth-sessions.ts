// Conductor auth sessions: links with which an end-user sets up a connection. The API only creates them (documented).
import { z } from 'zod';
import type { DueEvent, Operation } from '../../core/provider/provider.ts';
import { BASE36 } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import { DEFAULT_SANDBOX } from '../../core/sandbox/sandboxes.ts';
import { AuthSession, operation, RedirectTarget } from './components.ts';
import { requireEndUser } from './end-users.ts';
import { invalid } from './errors.ts';
import type { AuthSessionRow, Keys } from './schema.ts';

const MINUTE = 60_000;

const Body = z.strictObject({
  publishableKey: z.string().refine((key) => key.startsWith('pk_'), 'Invalid string: must start with "pk_"'),
  endUserId: z.string(),
  // The limits of 15 minutes and 7 days are documented in prose only; as refinements they stay out of the schema.
  linkExpiryMins: z
    .number()
    .refine((minutes) => minutes >= 15, 'Too small: expected number to be >=15')
    .refine((minutes) => minutes <= 10_080, 'Too big: expected number to be <=10080')
    .default(30),
  redirectUrl: RedirectTarget.optional(),
});

/** 100 years in minutes; the expiry must remain a valid JavaScript date. */
const MAX_EXPIRY_MINUTES = 100 * 366 * 24 * 60;

/** The body in example mode, without the key format and the limits documented in prose (our choice). */
const ExampleBody = Body.extend({
  publishableKey: z.string(),
  linkExpiryMins: z.number().min(0).max(MAX_EXPIRY_MINUTES).default(30),
});

const createAuthSession = operation({
  operation: 'authSessions.create',
  method: 'POST',
  path: '/auth-sessions',
  body: Body,
  exampleBody: ExampleBody,
  response: AuthSession,
  handle({ sandbox, body, publicBase }) {
    const { db, ids, clock } = sandbox;
    const { publishableKeys } = sandbox.document<Keys>('conductor', 'keys');
    const { auth, mode } = sandbox.settings;
    if (auth === 'strict' && mode !== 'example' && !sandbox.acceptsKey(publishableKeys, body.publishableKey)) {
      throw invalid('Unknown publishable key at "publishableKey"');
    }
    const row = db.transaction(() => {
      const { id: endUserId } = requireEndUser(sandbox, body.endUserId);
      const now = clock.now();
      const session: AuthSessionRow = {
        id: ids.next('auth_sess_', 14, BASE36),
        endUserId,
        createdAt: new Date(now).toISOString(),
        clientSecret: ids.next('auth_sess_client_secret_', 14, BASE36),
        publishableKey: body.publishableKey,
        expiresAt: new Date(now + Math.round(body.linkExpiryMins * MINUTE)).toISOString(),
        redirectUrl: body.redirectUrl ?? null,
      };
      db.run(
        `insert into conductor_authSessions (id, endUserId, createdAt, clientSecret, publishableKey, expiresAt, redirectUrl)
         values (?, ?, ?, ?, ?, ?, ?)`,
        session.id,
        session.endUserId,
        session.createdAt,
        session.clientSecret,
        session.publishableKey,
        session.expiresAt,
        session.redirectUrl,
      );
      return session;
    });
    return {
      id: row.id,
      objectType: 'auth_session' as const,
      createdAt: row.createdAt,
      endUserId: row.endUserId,
      clientSecret: row.clientSecret,
      authFlowUrl: authFlowUrl(sandbox, row, publicBase),
      expiresAt: row.expiresAt,
      redirectUrl: row.redirectUrl,
    };
  },
});

export const AUTH_SESSION_OPERATIONS: readonly Operation[] = [createAuthSession];

/** The session of a link; undefined when the link is unknown, has another key, or has expired (our choice). */
export function openSession(sandbox: Sandbox, clientSecret: string, key: unknown): AuthSessionRow | undefined {
  const session = sandbox.db.get<AuthSessionRow>(
    'select * from conductor_authSessions where clientSecret = ?',
    clientSecret,
  );
  if (session === undefined || session.publishableKey !== key) return undefined;
  return sandbox.clock.now() < Date.parse(session.expiresAt) ? session : undefined;
}

/** The sessions that expired after `since` (milliseconds) and up to the current sandbox time. */
export function expiredSessions({ db, clock }: Sandbox, since: number): DueEvent[] {
  const now = clock.now();
  return db
    .all<Pick<AuthSessionRow, 'id' | 'expiresAt'>>('select id, expiresAt from conductor_authSessions')
    .filter(({ expiresAt }) => since < Date.parse(expiresAt) && Date.parse(expiresAt) <= now)
    .map(({ id, expiresAt: at }) => ({ resource: 'authSessions', id, what: 'expired', at }));
}

/**
 * The link of a session. Browsers send no sandbox header, so outside `default` the link has a sandbox parameter (our
 * choice).
 */
function authFlowUrl(sandbox: Sandbox, session: AuthSessionRow, publicBase: string): string {
  const link = `${publicBase}/connect/qbd/${session.clientSecret}?key=${encodeURIComponent(session.publishableKey)}`;
  return sandbox.name === DEFAULT_SANDBOX ? link : `${link}&sandbox=${sandbox.name}`;
}
