// Random steps for Conductor: end-users, auth sessions and their page, connections, passthrough, health checks.
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import type { TestResponse } from '../harness.ts';
import { Conductor, KEY } from './conductor-model.ts';
import {
  type Call,
  expectResponse,
  type Json,
  type ModelTest,
  optional,
  sequence,
  step,
  wait,
  which,
} from './model-runner.ts';

const PUBLISHABLE = 'pk_conductor_test';
const MINUTE = 60_000;
const DONE = { statusCode: '0', statusSeverity: 'Info', statusMessage: 'Status OK' };

const name = fc.constantFrom('', 'Acme Inc.', '<Ö & Co>');

const create = step<Conductor, { source: number; companyName: string }>(
  'create an end-user',
  3,
  null,
  { source: fc.nat(3), companyName: name },
  async ({ source, companyName }, m, call) => {
    const body = { companyName, sourceId: `source-${source}`, email: 'a@example.com' };
    const answer = await call('POST', '/conductor/v1/end-users', { headers: KEY, json: body });
    if (m.all('endUsers').some(({ sourceId }) => sourceId === body.sourceId)) return expectResponse(answer, 400);
    const row = { id: m.fresh(answer.body.id, /^end_usr_[0-9a-z]{14}$/), createdAt: m.iso, ...body };
    m.endUsers.set(row.id, row);
    expectResponse(answer, 200, m.shown(row));
  },
);

const read = step<Conductor, { who: number }>(
  'read an end-user',
  1,
  'endUsers',
  { who: which },
  async ({ who }, m, call) => {
    const id = m.endUser(who);
    const row = m.endUsers.get(id);
    const answer = await call('GET', `/conductor/v1/end-users/${id}`, { headers: KEY });
    if (row === undefined) return expectResponse(answer, 404);
    expectResponse(answer, 200, m.shown(row));
  },
);

const remove = step<Conductor, { who: number }>(
  'delete an end-user',
  2,
  'endUsers',
  { who: which },
  async ({ who }, m, call) => {
    const id = m.endUser(who);
    const answer = await call('DELETE', `/conductor/v1/end-users/${id}`, { headers: KEY });
    if (!m.endUsers.delete(id)) return expectResponse(answer, 404);
    m.goneUsers.push(id);
    expectResponse(answer, 200, { id, objectType: 'end_user', deleted: true });
    const theirs = ({ endUserId }: Json) => endUserId === id;
    if (m.drop('integrationConnections', theirs)) m.saw('a connection was deleted with its end-user');
    if (!m.broken && m.drop('authSessions', theirs)) m.saw('an auth session was deleted with its end-user');
    if (m.drop('passthroughRecords', theirs)) m.saw('a passthrough record was deleted with its end-user');
  },
);

const authorise = step<Conductor, { who: number; minutes: number | undefined; redirect: boolean }>(
  'create an auth session',
  3,
  'endUsers',
  { who: which, minutes: optional(fc.constantFrom(15, 15.5)), redirect: fc.boolean() },
  async ({ who, minutes, redirect }, m, call) => {
    const endUserId = m.endUser(who);
    const redirectUrl = redirect ? 'https://app.test/back' : null;
    const json = {
      endUserId,
      publishableKey: PUBLISHABLE,
      linkExpiryMins: minutes,
      redirectUrl: redirectUrl ?? undefined,
    };
    const answer = await call('POST', '/conductor/v1/auth-sessions', { headers: KEY, json });
    if (!m.endUsers.has(endUserId)) return expectResponse(answer, 404);
    const row = {
      id: m.fresh(answer.body.id, /^auth_sess_[0-9a-z]{14}$/),
      endUserId,
      createdAt: m.iso,
      clientSecret: m.fresh(answer.body.clientSecret, /^auth_sess_client_secret_[0-9a-z]{14}$/),
      expiresAt: new Date(m.now + (minutes ?? 30) * MINUTE).toISOString(),
      redirectUrl,
    };
    m.authSessions.set(row.id, { ...row, publishableKey: PUBLISHABLE });
    const authFlowUrl = `http://localhost/conductor/connect/qbd/${row.clientSecret}?key=${PUBLISHABLE}`;
    expectResponse(answer, 200, { ...row, objectType: 'auth_session', authFlowUrl });
  },
);

const openLink = step<Conductor, { link: number; press: boolean }>(
  'open the page of an auth session',
  4,
  'authSessions',
  { link: which, press: fc.boolean() },
  async ({ link, press }, m, call) => {
    const session = m.authSessions.get(m.pick(m.authSessions.keys(), link));
    const secret = session?.clientSecret ?? 'auth_sess_client_secret_gone';
    const answer = await call(press ? 'POST' : 'GET', `/conductor/connect/qbd/${secret}?key=${PUBLISHABLE}`);
    if (session === undefined || m.iso >= session.expiresAt) {
      m.saw(session === undefined ? 'an unknown link' : 'an expired link');
      return expectResponse(answer, 404);
    }
    const connection = await m.begin(session.endUserId, call);
    if (!press) return expectResponse(answer, 200);
    expectResponse(answer, session.redirectUrl === null ? 200 : 303);
    if (connection.lastSuccessfulRequestAt === null) complete(connection, m);
  },
);

function complete(connection: Json, m: Conductor): void {
  connection.lastRequestAt = m.iso;
  connection.lastSuccessfulRequestAt = m.iso;
}

function undo(connection: Json | undefined): void {
  if (connection !== undefined) Object.assign(connection, { lastRequestAt: null, lastSuccessfulRequestAt: null });
}

const connect = step<Conductor, { who: number; state: string | undefined }>(
  'connect',
  4,
  'endUsers',
  { who: which, state: fc.constantFrom(undefined, 'connected', 'connected', 'pending') },
  async ({ who, state }, m, call) => {
    const id = m.endUser(who);
    const answer = await call('POST', `/__admin/conductor/end-users/${id}/connect`, { json: { state } });
    const row = m.endUsers.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    const connection = await m.begin(id, call);
    if (state === 'pending') undo(connection);
    else if (connection.lastSuccessfulRequestAt === null) complete(connection, m);
    expectResponse(answer, 200, m.shown(row));
  },
);

const disconnect = step<Conductor, { who: number; remove: boolean | undefined }>(
  'disconnect',
  2,
  'integrationConnections',
  { who: which, remove: fc.constantFrom(undefined, true, true, false) },
  async ({ who, remove }, m, call) => {
    const id = m.endUser(who);
    const answer = await call('POST', `/__admin/conductor/end-users/${id}/disconnect`, { json: { remove } });
    const row = m.endUsers.get(id);
    if (row === undefined) return expectResponse(answer, 404);
    if (!remove) undo(m.connectionOf(id));
    else if (m.drop('integrationConnections', ({ endUserId }) => endUserId === id)) m.saw('a connection was removed');
    expectResponse(answer, 200, m.shown(row));
  },
);

/** A request element that fails according to the built-in passthrough.json, which an empty sandbox keeps. */
const FAILING = 'InvoiceModRq';

const passthrough = step<Conductor, { who: number; elements: string[] }>(
  'send a passthrough request',
  4,
  'endUsers',
  { who: which, elements: fc.uniqueArray(fc.constantFrom('FooRq', 'constructor', FAILING), { minLength: 1 }) },
  async ({ who, elements }, m, call) => {
    const id = m.endUser(who);
    const json = Object.fromEntries(elements.map((element) => [element, { MaxReturned: 5 }]));
    const path = `/conductor/v1/end-users/${id}/passthrough/quickbooks_desktop`;
    const answer = await call('POST', path, { headers: KEY, json });
    const { status, connection } = m.request(id);
    if (status !== 200 || connection === undefined) return expectResponse(answer, status);
    if (elements.includes(FAILING)) expectResponse(answer, 502);
    else {
      const names = elements.map((element) => `${element.replace(/Rq$/, '')}Rs`);
      expectResponse(answer, 200, Object.fromEntries(names.map((element) => [element, DONE])));
      connection.lastSuccessfulRequestAt = m.iso;
    }
    await recorded(m, call, id, json, answer);
  },
);

/** Adds the call's record; its id is taken from the state. */
async function recorded(
  m: Conductor,
  call: Call,
  endUserId: string,
  request: Json,
  answer: TestResponse,
): Promise<void> {
  const { body } = await call('GET', '/__admin/state?provider=conductor&resource=passthroughRecords');
  const stored = body.conductor.passthroughRecords.at(-1);
  const id = m.fresh(stored.id, /^pass_[0-9a-z]{14}$/);
  m.passthroughRecords.set(id, { id, endUserId, at: m.iso, request, response: answer.body });
  deepStrictEqual(stored, m.passthroughRecords.get(id));
}

const check = step<Conductor, { who: number }>(
  'check the health',
  1,
  'endUsers',
  { who: which },
  async ({ who }, m, call) => {
    const id = m.endUser(who);
    const headers = { ...KEY, 'conductor-end-user-id': id };
    const answer = await call('GET', '/conductor/v1/quickbooks-desktop/health-check', { headers });
    const { status, connection } = m.request(id);
    if (status !== 200 || connection === undefined) return expectResponse(answer, status);
    expectResponse(answer, 200, { duration: 100, status: 'ok' });
    connection.lastSuccessfulRequestAt = m.iso;
  },
);

/** An end-user connects through the page and sends a QuickBooks request. */
const onboarding = sequence<Conductor>(2, [
  create.of({ source: 0, companyName: 'Acme Inc.' }),
  authorise.of({ who: 0, minutes: 15, redirect: true }),
  openLink.of({ link: 0, press: true }),
  passthrough.of({ who: 0, elements: ['FooRq'] }),
]);

export const conductor: ModelTest<Conductor> = {
  provider: 'conductor',
  model: Conductor,
  steps: [
    onboarding,
    create,
    read,
    remove,
    authorise,
    openLink,
    connect,
    disconnect,
    passthrough,
    check,
    wait<Conductor>(3, fc.constantFrom(1, 15 * MINUTE, 15 * MINUTE, 20 * MINUTE)),
  ],
  landmarks: [
    'a connection was deleted with its end-user',
    'an auth session was deleted with its end-user',
    'a passthrough record was deleted with its end-user',
    'an expired link',
    'a connection was removed',
  ],
};
