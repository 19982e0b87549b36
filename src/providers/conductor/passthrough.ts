// Conductor passthrough: raw QuickBooks requests of one end-user; responses come from passthrough.json, else from the
// company file, else are an empty success.
import { z } from 'zod';
import type { Call } from '../../core/http/call.ts';
import { Failure } from '../../core/provider/errors.ts';
import type { Operation } from '../../core/provider/provider.ts';
import { BASE36 } from '../../core/random-ids.ts';
import type { Sandbox } from '../../core/sandbox/sandbox.ts';
import { endUserPath, IntegrationSlug, operation, shownAs } from './components.ts';
import { requireConnection } from './connections.ts';
import { requireEndUser } from './end-users.ts';
import { ERRORS, isConnectionError, PROVIDER_ERRORS } from './errors.ts';
import { DELETING, fileResponse, STATUS_OK } from './quickbooks/qbxml-requests.ts';
import type { PassthroughFixtures } from './schema.ts';

type Json = Record<string, unknown>;

const passthrough = operation({
  operation: 'endUsers.passthrough',
  method: 'POST',
  path: '/end-users/{id}/passthrough/{integrationSlug}',
  params: endUserPath.extend({ integrationSlug: IntegrationSlug }),
  body: shownAs(
    z
      .looseObject({})
      .refine((body) => Object.keys(body).length > 0, 'Too small: expected object to have >=1 properties'),
    { type: 'object', additionalProperties: {}, minProperties: 1 },
  ),
  failsAtCheckpoint: isConnectionError,
  response: z.looseObject({}),
  handle(call) {
    const { id } = requireEndUser(call.sandbox, call.params.id);
    const connection = requireConnection(call, id);
    const deletes = Object.keys(call.body).some((element) => DELETING.has(element));
    const work = () => {
      const response = quickBooksResponse(call.sandbox, id, call.body);
      // A record of what was deleted would keep its name; the receipt has its id (our choice).
      if (!deletes) record(call, id, response);
      connection.succeeded();
      return response;
    };
    try {
      return connection.respond(deletes ? call.remove(work) : call.db.transaction(work));
    } catch (error) {
      if (error instanceof Failure)
        record(call, id, PROVIDER_ERRORS.body(error, { requestId: call.providerRequestId as string }));
      throw error;
    }
  },
});

export const PASSTHROUGH_OPERATIONS: readonly Operation[] = [passthrough];

/**
 * The QuickBooks response: one element per request element, from passthrough.json, else from the company file, else an
 * empty success (our choice).
 *
 * @throws Failure the first one among them
 */
function quickBooksResponse(sandbox: Sandbox, endUserId: string, request: Json): Json {
  const fixtures = sandbox.document<PassthroughFixtures>('conductor', 'passthrough');
  const response: Json = {};
  for (const [element, body] of Object.entries(request)) {
    // An element may be called `constructor`.
    const fixture = Object.hasOwn(fixtures, element) ? fixtures[element] : undefined;
    if (fixture !== undefined && 'error' in fixture) {
      const { error, message, integrationCode } = fixture;
      throw new Failure(ERRORS[error], message, integrationCode === undefined ? {} : { integrationCode });
    }
    const name = `${element.replace(/Rq$/, '')}Rs`;
    response[name] = fixture?.answer ?? fileResponse(sandbox, endUserId, element, body) ?? STATUS_OK;
  }
  return response;
}

/** Stores the QuickBooks request and response, readable through the control plane (our choice). */
function record(call: Call<null, unknown, unknown, unknown, Json>, endUserId: string, response: object): void {
  const { ids, clock } = call.sandbox;
  call.db.run(
    'insert into conductor_passthroughRecords (id, endUserId, at, request, response) values (?, ?, ?, ?, ?)',
    ids.next('pass_', 14, BASE36),
    endUserId,
    clock.iso(),
    JSON.stringify(call.body),
    JSON.stringify(response),
  );
}
