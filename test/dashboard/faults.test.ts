// The fault form: the rule it describes, and validation errors at their fields.
import t from 'tap';
import type { PlannedFault } from '../../src/control/schemas.ts';
import { orderText, pairsText, pairText } from '../../src/dashboard/model/barrier-text.ts';
import {
  EMPTY_FORM,
  errorChoices,
  errorsByField,
  type FaultForm,
  keptChoice,
  operationsOf,
  ruleOf,
} from '../../src/dashboard/model/fault-form.ts';
import { effectText, matchText, modeText } from '../../src/dashboard/model/fault-text.ts';
import { testServer } from '../harness.ts';

t.test('a barrier is told in words', async (t) => {
  const pair = { first: null, second: null };
  const first = { operation: 'endUsers.delete' };
  t.equal(
    pairText({ first, second: { provider: 'pagecall', skip: 1 } }),
    'endUsers.delete, then any operation of pagecall after 1 other',
  );
  t.equal(orderText({ mode: 'meet', timeoutMs: 5000 }), 'both wait until the other has arrived, for 5000 ms at most');
  t.equal(
    orderText({ mode: 'order', timeoutMs: 100 }),
    'the second waits for the commit of the first, for 100 ms at most',
  );
  t.equal(pairsText({ times: 1, pairs: [] }), '0 of 1 pair met');
  const states = ['met', 'timed-out', 'waiting'] as const;
  t.equal(
    pairsText({ times: 4, pairs: states.map((state) => ({ ...pair, state })) }),
    '1 of 4 pairs met, 1 waiting, 1 timed out',
  );
});

const form = (parts: Partial<FaultForm>): FaultForm => ({ ...EMPTY_FORM, ...parts });

t.test('the server plans every rule the form can describe', async (t) => {
  const { call } = await testServer(t);
  const cases: [Partial<FaultForm>, object, string[]][] = [
    [
      {},
      { match: {}, mode: { times: 1 }, effect: { status: 503 } },
      ['any operation', 'responds 503', 'the next request'],
    ],
    [
      { provider: 'conductor', operation: 'endUsers.delete', id: 'end_usr_1', kind: 'wire', phase: 'after-commit' },
      { match: { provider: 'conductor', operation: 'endUsers.delete', id: 'end_usr_1' }, effect: { fault: 'reset' } },
      ['endUsers.delete on end_usr_1', 'the connection is reset, after the change is committed', 'the next request'],
    ],
    [
      { provider: 'pagecall', error: '503', mode: 'skip', skip: '2', times: '3', delay: '250' },
      { mode: { skip: 2, times: 3 }, delay: { fixedMs: 250 } },
      ['any operation of pagecall', 'responds 503, delayed by 250 ms', 'the next 3 requests after 2 others'],
    ],
    [
      { operation: 'users_delete', error: '404 resource_not_found', mode: 'always' },
      { mode: 'always', effect: { status: 404, code: 'resource_not_found' } },
      ['users_delete', 'responds 404 resource_not_found', 'every request'],
    ],
    [
      { kind: 'delay', delay: '5', mode: 'probability', probability: '0.25' },
      { mode: { probability: 0.25 }, delay: { fixedMs: 5 } },
      ['any operation', 'delayed by 5 ms', 'with probability 0.25'],
    ],
  ];
  for (const [parts, planned, words] of cases) {
    const { status, body } = await call('POST', '/__admin/faults', { json: ruleOf(form(parts)) });
    t.equal(status, 201);
    t.match(body, { ...planned, hits: 0, spent: false });
    t.strictSame([matchText(body.match), effectText(body), modeText(body.mode)], words);
  }
});

t.test('rules planned through the API are described too', async (t) => {
  t.equal(matchText({ method: 'DELETE', path: '/x/*' }), 'any operation, method "DELETE", path "/x/*"');
  const delayed = (delay: NonNullable<PlannedFault['delay']>) => effectText({ phase: 'before', delay });
  t.equal(delayed({ uniformMs: [5, 10] }), 'delayed by 5 to 10 ms');
  t.equal(delayed({ lognormal: { median: 40, sigma: 1 } }), 'delayed by about 40 ms');
  t.equal(modeText({ times: 2, skip: 0 }), 'the next 2 requests');
  t.equal(modeText({ times: 1, skip: 1 }), 'the next request after 1 other');
});

t.test('a validation error is shown at its field', async (t) => {
  const { call } = await testServer(t);
  const refused = async (parts: Partial<FaultForm>) => {
    const { status, body } = await call('POST', '/__admin/faults', { json: ruleOf(form(parts)) });
    t.equal(status, 400);
    return errorsByField(body);
  };
  t.match(await refused({ provider: 'pagecal' }), { provider: /did you mean pagecall/ });
  t.match(await refused({ operation: 'users_delet' }), { operation: /did you mean users_delete/ });
  t.match(await refused({ mode: 'times', times: '0' }), { mode: /expected number to be >=1/ });
  t.match(await refused({ mode: 'times', times: 'two' }), { mode: /whole numbers/ });
  t.match(await refused({ mode: 'probability', probability: '' }), { mode: /probability/ });
  t.match(await refused({ delay: '-1' }), { delay: /expected number to be >=0/ });
  t.match(await refused({ kind: 'delay' }), { effect: /is empty/ });
  t.match(await refused({ operation: 'users_delete', error: '409' }), { effect: /does not return 409/ });
  t.match(await refused({ provider: 'conductor', operation: 'users_delete' }), { operation: /did you mean/ });
  const type = 'urn:understudy:sandbox-limit';
  t.strictSame(errorsByField({ type, detail: 'No room.' }), { form: 'No room.' });
  const twice = [
    { path: 'match.id', message: 'first' },
    { path: 'match.id', message: 'second' },
    { path: 'wings', message: 'Invalid input' },
  ];
  t.strictSame(errorsByField({ type: 'urn:understudy:invalid-input', detail: '', errors: twice }), {
    id: 'first',
    form: 'Invalid input',
  });
});

t.test('the options for operation and error come from the catalogue', async (t) => {
  const { call } = await testServer(t);
  const { errors } = (await call('GET', '/__admin/errors')).body;
  const named = operationsOf(errors, 'conductor').map(({ operation }) => operation);
  t.ok(named.includes('endUsers.delete'));
  t.ok(named.includes('qbd.invoices.delete') && new Set(named).size === named.length, `${named.length} operations`);
  const statuses = errorChoices(errors, form({})).map(({ value }) => value);
  t.ok(statuses.includes('503') && statuses.every((value) => /^\d{3}$/.test(value)), 'of many: statuses');
  const choices = errorChoices(errors, form({ provider: 'proficient', operation: 'users_delete' }));
  t.match(choices, [{ value: '401 invalid_credentials', when: /key/ }]);
  t.equal(keptChoice(choices, '503'), '503 unavailable', 'one of the same status');
  t.equal(keptChoice(choices, '404 resource_not_found'), '404 resource_not_found');
  t.equal(keptChoice(choices, '418'), choices.at(-1)?.value);
  t.equal(keptChoice([], '418'), '418');
});
