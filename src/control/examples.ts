// Examples for the control plane's document: what can be sent to a fresh sandbox as it stands.

interface Example {
  readonly summary: string;
  readonly value: unknown;
}

type Examples = Readonly<Record<string, Example>>;

/** One example needs no choice, so its summary is all there is to say. */
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
    summary: 'The next delete takes effect and its answer is lost',
    value: { match: DELETES, mode: { times: 1 }, effect: { fault: 'reset' }, phase: 'after-commit' },
  },
  slow: {
    summary: 'All deletes take between a tenth and half of a second',
    value: { match: { method: 'DELETE' }, delay: { uniformMs: [100, 500] } },
  },
};

const PATTERNS: Examples = only('Deletes of one provider', { provider: 'conductor', method: 'DELETE' });

function endUser(name: string, company: string): object {
  const createdAt = '2025-01-31T12:00:00.000Z';
  const endUser = { createdAt, companyName: company, sourceId: `crm-${name}`, email: `${name}@example.com` };
  return { conductor: { endUsers: [{ id: `end_usr_${name}00000000`, ...endUser }] } };
}

/** Bodies by route, named. */
export const BODIES: Readonly<Record<string, Examples>> = {
  'POST /sandboxes': {
    fixtures: { summary: 'From the fixtures', value: { name: 'worker-3' } },
    fork: { summary: 'A fork of another one', value: { name: 'worker-4', from: { sandbox: 'default' } } },
    settings: {
      summary: 'Empty, for an hour, with ids that repeat',
      value: { from: 'empty', settings: { seed: 'one' }, ttlSeconds: 3600 },
    },
  },
  'PATCH /sandboxes/{name}': only('Only known keys are let in', { settings: { auth: 'strict' } }),
  'POST /reset': {
    everything: { summary: 'Everything, to the fixtures', value: {} },
    empty: { summary: 'No rows at all', value: { to: 'empty' } },
    faults: { summary: 'Only planned faults and the journal', value: { scope: ['faults', 'requests'] } },
  },
  'POST /snapshots': only('A name for this moment', { name: 'before' }),
  'POST /faults': RULES,
  'PUT /faults/{id}': RULES,
  'POST /retry-tests': only('A client deletes a user and has to try three times', {
    instructions: { users_delete: ['503', 'reset@after-commit', 'ok'] },
  }),
  'POST /requests/find': PATTERNS,
  'POST /requests/count': PATTERNS,
  'POST /requests/verify': only('One delete, and no more', { pattern: { method: 'DELETE' }, count: 1 }),
  'POST /requests/wait': only('Until somebody deletes, for a second at most', {
    pattern: { method: 'DELETE' },
    timeoutMs: 1000,
  }),
  'POST /erasure-checks': {
    state: { summary: 'The rows', value: { subjects: ['alice@example.com', 'user-42'] } },
    everywhere: {
      summary: 'The rows, and what the sandbox itself keeps',
      value: { subjects: ['alice@example.com'], include: ['state', 'journal', 'webhooks', 'snapshots'] },
    },
  },
  'POST /state': only('One more end-user', endUser('bruno', 'Harbour Street Bakery')),
  'PUT /state': only('One end-user, and nobody else', endUser('carla', 'Quay Books')),
  'PUT /clock': {
    advance: { summary: 'Two hours on', value: { action: 'advance', duration: 'PT2H' } },
    freeze: { summary: 'Stop at a moment', value: { action: 'freeze', instant: '2030-01-31T09:00:00Z' } },
    reset: { summary: 'Back to real time', value: { action: 'reset' } },
  },
};

const SNAPSHOT = { description: 'Name of the snapshot.', example: 'before' };
const SANDBOX = { description: 'Name of the sandbox.', example: 'default' };
const FAULT = { description: 'Id of the rule, as `POST /__admin/faults` answers it.' };

const PROVIDER = { description: 'Its name in lower case.', example: 'conductor' };
const RESOURCE = { description: 'As `GET /__admin/resources` names it.', example: 'endUsers' };

/** What is said of parameters whose schemas say nothing, by route and name. */
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
  'GET /retry-tests/{id} id': { description: 'Id of the test, as `POST /__admin/retry-tests` answers it.' },
  'GET /requests/{id} id': { description: 'The `X-Understudy-Request` of an answer.' },
  'GET /deletions/{requestId} requestId': { description: 'The `X-Understudy-Request` of the answer to a deletion.' },
  'POST /webhooks/{id}/redeliver id': { description: 'Id of the delivery, as `GET /__admin/webhooks` lists it.' },
  'GET /resources/{provider}/{resource} provider': PROVIDER,
  'GET /resources/{provider}/{resource} resource': RESOURCE,
  'GET /resources/{provider}/{resource} offset': { description: 'How many rows to pass over.' },
  'GET /resources/{provider}/{resource} text': { description: 'What a row must hold in any of its columns.' },
  'GET /resources/{provider}/{resource} column': { description: 'A column that names an owner; only with `value`.' },
  'GET /resources/{provider}/{resource} value': { description: 'What stands in that column.' },
  'GET /resources/{provider}/{resource}/{id} provider': PROVIDER,
  'GET /resources/{provider}/{resource}/{id} resource': RESOURCE,
  'GET /resources/{provider}/{resource}/{id} id': {
    description: 'Its key, as the API addresses it.',
    example: 'end_usr_1234567abcdefg',
  },
  'GET /ui token': { description: 'The `--admin-token`; the browser keeps it in a cookie.' },
  'GET /openapi/{file} file': { description: 'A provider and `.json`.', example: 'conductor.json' },
};

const problem = (status: number, type: string, title: string, detail: string, more: object = {}): [number, object] => [
  status,
  { type: `urn:understudy:${type}`, title, status, detail, ...more },
];

/** A problem for each status that the control plane responds with when it refuses. */
export const PROBLEM_EXAMPLES: ReadonlyMap<number, object> = new Map([
  problem(400, 'invalid-input', 'Invalid input', 'what: unknown field.', {
    errors: [{ path: 'what', message: 'unknown field' }],
  }),
  problem(403, 'not-let-in', 'Not let in', 'The request has no Host.'),
  problem(404, 'unknown-sandbox', 'Unknown sandbox', 'There is no sandbox worker-3.'),
  problem(409, 'sandbox-exists', 'Sandbox exists', 'There is a sandbox worker-3 already; choose another name.'),
  problem(413, 'too-large', 'Body too large', 'The body is over 1 MiB.'),
  problem(415, 'media-type', 'Unsupported media type', 'The control plane takes bodies as application/json.'),
  problem(500, 'crash', 'Understudy failed', 'Something in Understudy itself broke; its log says what.'),
  problem(503, 'too-many-sandboxes', 'Too many sandboxes', 'There are 10000 sandboxes, and none of them may go.'),
]);
