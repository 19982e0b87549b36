// Examples and parameter descriptions for the control plane's document; every example works on a new sandbox.
import { invalidInput, Problem } from '../core/problem.ts';

interface Example {
  readonly summary: string;
  readonly value: unknown;
}

type Examples = Readonly<Record<string, Example>>;

/** The examples of a route that has only one. */
function only(summary: string, value: unknown): Examples {
  return { example: { summary, value } };
}

const DELETES = { operation: 'endUsers.delete' };

const RULES: Examples = {
  status: {
    summary: 'The next two deletes fail with 503',
    value: { match: DELETES, mode: { times: 2 }, effect: { status: 503 } },
  },
  lost: {
    summary: 'The next delete takes effect and its response is lost',
    value: { match: DELETES, mode: { times: 1 }, effect: { fault: 'reset' }, phase: 'after-commit' },
  },
  slow: {
    summary: 'All deletes take between 0.1 and 0.5 seconds',
    value: { match: { method: 'DELETE' }, delay: { uniformMs: [100, 500] } },
  },
};

const PATTERNS: Examples = only('Deletes of one provider', { provider: 'conductor', method: 'DELETE' });

function endUser(name: string, company: string): object {
  const createdAt = '2025-01-31T12:00:00.000Z';
  const endUser = { createdAt, companyName: company, sourceId: `crm-${name}`, email: `${name}@example.com` };
  return { conductor: { endUsers: [{ id: `end_usr_${name}00000000`, ...endUser }] } };
}

/** Example bodies by route (`METHOD /path`) and example name. */
export const BODIES: Readonly<Record<string, Examples>> = {
  'POST /sandboxes': {
    fixtures: { summary: 'From the fixtures', value: { name: 'worker-3' } },
    fork: { summary: 'A copy of another sandbox', value: { name: 'worker-4', from: { sandbox: 'default' } } },
    settings: {
      summary: 'Empty, deleted after an hour, with reproducible ids',
      value: { from: 'empty', settings: { seed: 'one' }, ttlSeconds: 3600 },
    },
  },
  'PATCH /sandboxes/{name}': only('Accept only known API keys', { settings: { auth: 'strict' } }),
  'POST /reset': {
    everything: { summary: 'Everything, to the fixtures', value: {} },
    empty: { summary: 'No rows at all', value: { to: 'empty' } },
    faults: { summary: 'Only planned faults and the journal', value: { scope: ['faults', 'requests'] } },
  },
  'POST /snapshots': only('Take a snapshot', { name: 'before' }),
  'POST /faults': RULES,
  'PUT /faults/{id}': RULES,
  'POST /barriers': {
    twice: { summary: 'Two deletes at once', value: { first: DELETES } },
    order: {
      summary: 'A create waits until the delete has committed',
      value: { mode: 'order', first: DELETES, second: { operation: 'endUsers.create' }, timeoutMs: 2000 },
    },
  },
  'POST /retry-tests': only('A client needs three attempts to delete a user', {
    instructions: { users_delete: ['503', 'reset@after-commit', 'ok'] },
  }),
  'POST /requests/find': PATTERNS,
  'POST /requests/count': PATTERNS,
  'POST /requests/verify': only('Exactly one delete', { pattern: { method: 'DELETE' }, count: 1 }),
  'POST /requests/wait': only('Until a delete arrives, for one second at most', {
    pattern: { method: 'DELETE' },
    timeoutMs: 1000,
  }),
  'POST /erasure-checks': {
    state: { summary: 'The rows', value: { subjects: ['alice@example.com', 'user-42'] } },
    everywhere: {
      summary: 'The rows, the journal, webhooks, fault rules, barriers and snapshots',
      value: { subjects: ['alice@example.com'], include: ['state', 'journal', 'webhooks', 'faults', 'snapshots'] },
    },
  },
  'POST /state': only('Add one end-user', endUser('bruno', 'Harbour Street Bakery')),
  'PUT /state': only('Replace all end-users by one', endUser('carla', 'Quay Books')),
  'PUT /clock': {
    advance: { summary: 'Advance by two hours', value: { action: 'advance', duration: 'PT2H' } },
    freeze: { summary: 'Freeze at an instant', value: { action: 'freeze', instant: '2030-01-31T09:00:00Z' } },
    reset: { summary: 'Back to real time', value: { action: 'reset' } },
  },
};

const SNAPSHOT = { description: 'Name of the snapshot.', example: 'before' };
const SANDBOX = { description: 'Name of the sandbox.', example: 'default' };
const BARRIER = { description: 'Id of the barrier, from the response of `POST /__admin/barriers`.' };
const FAULT = { description: 'Id of the rule, from the response of `POST /__admin/faults`.' };

const PROVIDER = { description: 'Name of the provider in lower case.', example: 'conductor' };
const RESOURCE = { description: 'Name of the resource, as in `GET /__admin/resources`.', example: 'endUsers' };

/** Descriptions of parameters that have none in their schema, by route and parameter name. */
export const PARAMETERS: Readonly<Record<string, { readonly description: string; readonly example?: string }>> = {
  'GET /sandboxes/{name} name': SANDBOX,
  'PATCH /sandboxes/{name} name': SANDBOX,
  'DELETE /sandboxes/{name} name': { ...SANDBOX, example: 'worker-3' },
  'POST /snapshots/{name}/restore name': SNAPSHOT,
  'GET /snapshots/{name}/diff name': SNAPSHOT,
  'GET /snapshots/{name}/export name': SNAPSHOT,
  'DELETE /snapshots/{name} name': SNAPSHOT,
  'GET /faults/{id} id': FAULT,
  'PUT /faults/{id} id': FAULT,
  'DELETE /faults/{id} id': FAULT,
  'GET /barriers/{id} id': BARRIER,
  'DELETE /barriers/{id} id': BARRIER,
  'GET /retry-tests/{id} id': { description: 'Id of the test, from the response of `POST /__admin/retry-tests`.' },
  'GET /requests/{id} id': { description: 'The `X-Understudy-Request` header of a response.' },
  'GET /deletions/{requestId} requestId': {
    description: 'The `X-Understudy-Request` header of the response to a deletion.',
  },
  'POST /webhooks/{id}/redeliver id': { description: 'Id of the delivery, as in `GET /__admin/webhooks`.' },
  'GET /resources/{provider}/{resource} provider': PROVIDER,
  'GET /resources/{provider}/{resource} resource': RESOURCE,
  'GET /resources/{provider}/{resource} offset': { description: 'Number of rows to skip.' },
  'GET /resources/{provider}/{resource} text': { description: 'Only rows that contain this text in any column.' },
  'GET /resources/{provider}/{resource} column': { description: 'Only rows whose column has `value`; needs `value`.' },
  'GET /resources/{provider}/{resource} value': { description: 'The value of `column`; needs `column`.' },
  'GET /resources/{provider}/{resource}/{id} provider': PROVIDER,
  'GET /resources/{provider}/{resource}/{id} resource': RESOURCE,
  'GET /resources/{provider}/{resource}/{id} id': {
    description: 'Key of the row in the API of the provider.',
    example: 'end_usr_1234567abcdefg',
  },
  'GET /ui token': { description: 'The `--admin-token`; the browser stores a cookie for it.' },
  'GET /openapi/{file} file': { description: 'Name of a provider with the suffix `.json`.', example: 'conductor.json' },
};

const problem = (...[status, ...more]: ConstructorParameters<typeof Problem>): [number, object] => [
  status,
  new Problem(status, ...more).toJSON(),
];

/** A problem for each status that the control plane responds with when it refuses. */
export const PROBLEM_EXAMPLES: ReadonlyMap<number, object> = new Map([
  [400, invalidInput('what', 'unknown field').toJSON()],
  problem(403, 'not-let-in', 'The request has no Host.'),
  problem(404, 'unknown-sandbox', 'There is no sandbox worker-3.'),
  problem(409, 'sandbox-exists', 'There is a sandbox worker-3 already; choose another name.'),
  problem(413, 'too-large', 'The body is over 1 MiB.'),
  problem(415, 'media-type', 'The control plane takes bodies as application/json.'),
  problem(500, 'crash', 'Something in Understudy itself broke; its log says what.'),
  problem(503, 'too-many-sandboxes', 'There are 10000 sandboxes, and none of them may go.'),
]);
