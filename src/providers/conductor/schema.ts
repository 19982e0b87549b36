// Conductor's tables and fixture rows: end-users, and the resources that are deleted with them (on delete cascade).
import { z } from 'zod';
import type { Resource, StoredRow } from '../../core/provider/resource.ts';
import { IntegrationSlug, RedirectTarget } from './components.ts';

/** The SQL schema. */
export const SCHEMA = `
create table conductor_endUsers (
  seq integer primary key,
  id text not null unique,
  createdAt text not null,
  companyName text not null,
  sourceId text not null,
  email text not null
) strict;
create index conductor_endUsers_created on conductor_endUsers (createdAt, seq);
-- No unique index: the handler decides whether two end-users may share a sourceId.
create index conductor_endUsers_source on conductor_endUsers (sourceId);

create table conductor_integrationConnections (
  seq integer primary key,
  id text not null unique,
  endUserId text not null references conductor_endUsers (id) on delete cascade,
  createdAt text not null,
  integrationSlug text not null,
  lastRequestAt text,
  lastSuccessfulRequestAt text,
  unique (endUserId, integrationSlug)
) strict;

create table conductor_authSessions (
  seq integer primary key,
  id text not null unique,
  endUserId text not null references conductor_endUsers (id) on delete cascade,
  createdAt text not null,
  clientSecret text not null unique,
  publishableKey text not null,
  expiresAt text not null,
  redirectUrl text
) strict;
create index conductor_authSessions_endUser on conductor_authSessions (endUserId);

create table conductor_passthroughRecords (
  seq integer primary key,
  id text not null unique,
  endUserId text not null references conductor_endUsers (id) on delete cascade,
  at text not null,
  request text not null,
  response text not null
) strict;
create index conductor_passthroughRecords_endUser on conductor_passthroughRecords (endUserId);
`;

// Lists are sorted by these strings, so all of them must have the same format.
const time = z.iso.datetime({ precision: 3, message: 'must be an ISO 8601 time in UTC with milliseconds' });
const id = (prefix: string) => z.string().startsWith(prefix, `must start with ${prefix}`);
const open = z.record(z.string(), z.unknown());

/** The resources, with their rows in the fixture format. */
export const RESOURCES = [
  {
    name: 'endUsers',
    key: 'id',
    identity: ['id', 'sourceId', 'email'],
    // An end-user is the company that connects its books.
    names: [['companyName']],
    removal: '/end-users/{id}',
    row: z.strictObject({
      id: id('end_usr_'),
      createdAt: time,
      companyName: z.string(),
      sourceId: z.string(),
      email: z.string(),
    }),
    unique: ['sourceId'],
  },
  {
    name: 'integrationConnections',
    key: 'id',
    removal: '/end-users/{endUserId}',
    row: z.strictObject({
      id: id('int_conn_'),
      endUserId: id('end_usr_'),
      createdAt: time,
      integrationSlug: IntegrationSlug,
      lastRequestAt: time.nullable().default(null),
      lastSuccessfulRequestAt: time.nullable().default(null),
    }),
  },
  {
    name: 'authSessions',
    key: 'id',
    removal: '/end-users/{endUserId}',
    row: z.strictObject({
      id: id('auth_sess_'),
      endUserId: id('end_usr_'),
      createdAt: time,
      clientSecret: z.string().min(1),
      publishableKey: z.string(),
      expiresAt: time,
      redirectUrl: RedirectTarget.nullable().default(null),
    }),
  },
  {
    name: 'passthroughRecords',
    key: 'id',
    removal: '/end-users/{endUserId}',
    row: z.strictObject({ id: id('pass_'), endUserId: id('end_usr_'), at: time, request: open, response: open }),
  },
] as const satisfies readonly Resource[];

export type EndUserRow = StoredRow<typeof RESOURCES, 'endUsers'>;
/** It is connected once `lastSuccessfulRequestAt` is set; there is no other status (our choice). */
export type ConnectionRow = StoredRow<typeof RESOURCES, 'integrationConnections'>;
/** After it expires the row remains, but its page is no longer served (our choice). */
export type AuthSessionRow = StoredRow<typeof RESOURCES, 'authSessions'>;

/** `keys.json`: the keys that strict auth accepts. */
export const KEYS = z.strictObject({ secretKeys: z.array(z.string()), publishableKeys: z.array(z.string()) });
export type Keys = z.infer<typeof KEYS>;

/** `passthrough.json`: the QuickBooks response or the error for each request element. */
export const PASSTHROUGH = z.record(
  z.string(),
  z.union([
    z.strictObject({ answer: open }),
    z.strictObject({
      error: z.enum([
        'INTEGRATION_CONNECTION_NOT_ACTIVE',
        'QBD_CONNECTION_ERROR',
        'QBD_REQUEST_ERROR',
        'QBD_REQUEST_TIMEOUT',
      ]),
      integrationCode: z.string().optional(),
      message: z.string().optional(),
    }),
  ]),
);
export type PassthroughFixtures = z.infer<typeof PASSTHROUGH>;
