// Conductor passthrough: raw QuickBooks requests of one end-user; responses come from passthrough.json, else are an
// empty success.
import { z } from 'zod';
import type { Call } from '../../core/http/call.ts';
import { Failure } from '../../core/provider/errors.ts';
import type { Operation } from '../../core/provider/provider.ts';
import { BASE36 } from '../../core/random-ids.ts';
import { endUserPath, IntegrationSlug, operation, shownAs } from './components.ts';
import { requireConnection } from './connections.ts';
import { requireEndUser } from './end-users.ts';
import { ERRORS, isConnectionError, PROVIDER_ERRORS } from './errors.ts';
import type { PassthroughFixtures } from './schema.ts';

type Json = Record<string, unknown>;

const STATUS_OK = { statusCode: '0', statusSeverity: 'Info', statusMessage: 'Status OK' };

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
    const outcome = quickBooksResponse(
      call.sandbox.document<PassthroughFixtures>('conductor', 'passthrough'),
      call.body,
    );
    if (outcome instanceof Failure) {
      record(call, id, PROVIDER_ERRORS.body(outcome, { requestId: call.providerRequestId as string }));
      throw outcome;
    }
    call.db.transaction(() => {
      record(call, id, outcome);
      connection.succeeded();
    });
    return outcome;
  },
});

export const PASSTHROUGH_OPERATIONS: readonly Operation[] = [passthrough];

/** The QuickBooks response: one element per request element, or the first failure among them (our choice). */
function quickBooksResponse(fixtures: PassthroughFixtures, request: Json): Json | Failure {
  const response: Json = {};
  for (const element of Object.keys(request)) {
    // An element may be called `constructor`.
    const fixture = Object.hasOwn(fixtures, element) ? fixtures[element] : undefined;
    if (fixture !== undefined && 'error' in fixture) {
      const { error, message, integrationCode } = fixture;
      return new Failure(ERRORS[error], message, integrationCode === undefined ? {} : { integrationCode });
    }
    response[`${element.replace(/Rq$/, '')}Rs`] = fixture?.answer ?? STATUS_OK;
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
