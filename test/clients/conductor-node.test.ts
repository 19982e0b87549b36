// Conductor's official Node SDK, unmodified, over a socket, and requests of other clients.
import Conductor, { type APIError } from 'conductor-node';
import t from 'tap';
import { listening } from '../harness.ts';

const SECRET = 'sk_conductor_test';
const CONNECTED = 'end_usr_1234567abcdefg';

/** The status and code of a failed SDK call. */
function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: APIError) => [error.status, (error.error as { error: { code: string } }).error.code]);
}

t.test('the SDK creates, lists, reads, connects, uses and deletes an end-user', async (t) => {
  const { url } = await listening(t);
  const conductor = new Conductor({ apiKey: SECRET, baseURL: `${url}/conductor/v1/`, maxRetries: 0 });
  const user = await conductor.endUsers.create({ companyName: 'Acme', sourceId: 'sdk-1', email: 'a@example.com' });
  t.match(user, {
    id: /^end_usr_/,
    objectType: 'end_user',
    companyName: 'Acme',
    sourceId: 'sdk-1',
    email: 'a@example.com',
    integrationConnections: [],
  });
  const list = await conductor.endUsers.list();
  t.strictSame(list.data[0], user);
  t.equal(list.url, '/v1/end-users');
  t.strictSame(await conductor.endUsers.retrieve(user.id), user);

  t.strictSame(await refusal(conductor.qbd.healthCheck({ conductorEndUserId: user.id })), [
    409,
    'INTEGRATION_CONNECTION_NOT_SET_UP',
  ]);
  const session = await conductor.authSessions.create({
    endUserId: user.id,
    publishableKey: 'pk_conductor_test',
    linkExpiryMins: 60,
    redirectUrl: `${url}/conductor/done`,
  });
  t.equal(Date.parse(session.expiresAt) - Date.parse(session.createdAt), 3_600_000);
  t.match(
    session.authFlowUrl,
    `${url}/conductor/connect/qbd/${session.clientSecret}?key=pk_conductor_test`,
    'the link points to this server',
  );
  t.equal((await fetch(session.authFlowUrl)).status, 200);
  const pressed = await fetch(session.authFlowUrl, { method: 'POST', body: new URLSearchParams(), redirect: 'manual' });
  t.strictSame([pressed.status, pressed.headers.get('location')], [303, `${url}/conductor/done`]);
  t.strictSame(await conductor.qbd.healthCheck({ conductorEndUserId: user.id }), { duration: 100, status: 'ok' });
  t.strictSame(
    await conductor.endUsers.passthrough(user.id, 'quickbooks_desktop', { CustomerQueryRq: { MaxReturned: 5 } }),
    {
      CustomerQueryRs: {
        statusCode: '1',
        statusSeverity: 'Info',
        statusMessage: 'A query request did not find a matching object in QuickBooks',
      },
    },
  );

  const { data, response } = await conductor.endUsers.delete(user.id).withResponse();
  t.strictSame(data, { id: user.id, objectType: 'end_user', deleted: true });
  t.equal(response.status, 200);
  t.match(response.headers.get('content-type'), /^application\/json(;|$)/);
  t.match(response.headers.get('conductor-request-id'), /^req_[0-9a-z]{14}$/);
  const again = await conductor.endUsers.delete(user.id).catch((error: unknown) => error);
  if (!(again instanceof Conductor.NotFoundError)) return t.fail('the second delete is not a NotFoundError');
  t.equal((again.error as { error: { code: string } }).error.code, 'RESOURCE_MISSING');
  t.match(again.message, /^404 \{.*"code":"RESOURCE_MISSING"/);
  t.strictSame(
    await refusal(conductor.endUsers.retrieve('')),
    [404, 'ROUTE_NOT_FOUND'],
    'an empty id does not return the list',
  );
});

t.test('an injected 503 is retried twice, also for DELETE, and becomes an InternalServerError', async (t) => {
  const { app, url } = await listening(t);
  const attempts: unknown[] = [];
  app.server.on('request', (request) => attempts.push([request.method, request.headers['x-stainless-retry-count']]));
  const conductor = new Conductor({
    apiKey: SECRET,
    baseURL: `${url}/conductor/v1`,
    defaultHeaders: { Prefer: 'code=503' },
  });
  const error = await conductor.endUsers.delete(CONNECTED).catch((error: unknown) => error);
  t.ok(error instanceof Conductor.InternalServerError);
  t.strictSame(attempts, [
    ['DELETE', '0'],
    ['DELETE', '1'],
    ['DELETE', '2'],
  ]);
  const still = new Conductor({ apiKey: SECRET, baseURL: `${url}/conductor/v1` });
  t.equal((await still.endUsers.retrieve(CONNECTED)).id, CONNECTED, 'nothing was deleted');
});

t.test('each status becomes its SDK error class', async (t) => {
  const { url } = await listening(t);
  for (const [code, type] of [
    [400, Conductor.BadRequestError],
    [401, Conductor.AuthenticationError],
    [403, Conductor.PermissionDeniedError],
    [404, Conductor.NotFoundError],
    [409, Conductor.ConflictError],
    [429, Conductor.RateLimitError],
    [500, Conductor.InternalServerError],
    [502, Conductor.InternalServerError],
    [503, Conductor.InternalServerError],
    [504, Conductor.InternalServerError],
  ] as const) {
    const conductor = new Conductor({
      apiKey: SECRET,
      baseURL: `${url}/conductor/v1`,
      maxRetries: 0,
      defaultHeaders: { Prefer: `code=${code}` },
    });
    const error = await conductor.qbd.healthCheck({ conductorEndUserId: CONNECTED }).catch((error: unknown) => error);
    t.ok(error instanceof type, `${code} is a ${type.name}`);
    t.equal(((error as APIError).error as { error: { httpStatusCode: number } }).error.httpStatusCode, code);
  }
  const publishable = new Conductor({ apiKey: 'pk_conductor_test', baseURL: `${url}/conductor/v1`, maxRetries: 0 });
  t.strictSame(await refusal(publishable.endUsers.list()), [401, 'API_KEY_INVALID']);
});

t.test('requests as other clients send them are accepted', async (t) => {
  const { url } = await listening(t);
  const headers = {
    authorization: `Bearer ${SECRET}`,
    'content-type': 'application/json',
    'x-stainless-lang': 'python',
    'accept-language': '*',
    'user-agent': 'AsyncConductor/Python 1.91.2',
  };
  const users = `${url}/conductor/v1/end-users`;
  const typed = await fetch(users, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: '{"sourceId":"c","email":"é","companyName":"A"}',
  });
  t.match(await typed.json(), { email: 'é', sourceId: 'c' });
  const deleted = await fetch(`${users}/${CONNECTED}`, { method: 'DELETE', headers });
  t.strictSame(
    [deleted.status, await deleted.json()],
    [200, { id: CONNECTED, objectType: 'end_user', deleted: true }],
    'a DELETE with a JSON type and no body, as Python sends it',
  );
  const untyped = await fetch(`${users}/end_usr_alice000000042`, {
    method: 'DELETE',
    headers: { authorization: headers.authorization },
  });
  t.equal(untyped.status, 200, 'a DELETE without a content type, as the next Node SDK sends it');
  t.notOk([...untyped.headers.keys()].some((name) => name.startsWith('access-control-')));
  t.equal((await fetch(users, { method: 'OPTIONS' })).status, 404);
});
