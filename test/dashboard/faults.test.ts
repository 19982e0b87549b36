// The form for a planned fault: what it says is planned, what the server refuses is shown at its field.
import t from 'tap';
import type { Rule } from '../../src/dashboard/model/answers.ts';
import {
  EMPTY_FORM,
  errorChoices,
  type FaultForm,
  keptChoice,
  operationsOf,
  refusalsByField,
  ruleOf,
} from '../../src/dashboard/model/fault-form.ts';
import { effectWords, matchWords, modeWords } from '../../src/dashboard/model/fault-words.ts';
import { testServer } from '../harness.ts';

const form = (parts: Partial<FaultForm>): FaultForm => ({ ...EMPTY_FORM, ...parts });

t.test('whatever the form can say, the server plans as it was meant', async (t) => {
  const { call } = await testServer(t);
  const cases: [Partial<FaultForm>, object, string[]][] = [
    [
      {},
      { match: {}, mode: { times: 1 }, effect: { status: 503 } },
      ['any operation', 'answers 503', 'the next request'],
    ],
    [
      { provider: 'conductor', operation: 'endUsers.delete', id: 'end_usr_1', kind: 'wire', phase: 'after-commit' },
      { match: { provider: 'conductor', operation: 'endUsers.delete', id: 'end_usr_1' }, effect: { fault: 'reset' } },
      ['endUsers.delete on end_usr_1', 'the connection is reset, after the change took effect', 'the next request'],
    ],
    [
      { provider: 'pagecall', error: '503', mode: 'skip', skip: '2', times: '3', delay: '250' },
      { mode: { skip: 2, times: 3 }, delay: { fixedMs: 250 } },
      ['any operation of pagecall', 'answers 503, 250 ms late', 'the next 3 requests after 2 others'],
    ],
    [
      { operation: 'users_delete', error: '404 resource_not_found', mode: 'always' },
      { mode: 'always', effect: { status: 404, code: 'resource_not_found' } },
      ['users_delete', 'answers 404 resource_not_found', 'always'],
    ],
    [
      { kind: 'delay', delay: '5', mode: 'probability', probability: '0.25' },
      { mode: { probability: 0.25 }, delay: { fixedMs: 5 } },
      ['any operation', '5 ms late', 'with probability 0.25'],
    ],
  ];
  for (const [parts, planned, words] of cases) {
    const { status, body } = await call('POST', '/__admin/faults', { json: ruleOf(form(parts)) });
    t.equal(status, 201);
    t.match(body, { ...planned, hits: 0, spent: false });
    t.strictSame([matchWords(body.match), effectWords(body), modeWords(body.mode)], words);
  }
});

t.test('rules that others planned are told in words too', async (t) => {
  t.equal(matchWords({ method: 'DELETE', path: '/x/*' }), 'any operation, method "DELETE", path "/x/*"');
  const delayed = (delay: object) => effectWords({ phase: 'before', delay } as Rule);
  t.equal(delayed({ uniformMs: [5, 10] }), '5 to 10 ms late');
  t.equal(delayed({ lognormal: { median: 40, sigma: 1 } }), 'about 40 ms late');
  t.equal(modeWords({ times: 2, skip: 0 }), 'the next 2 requests');
  t.equal(modeWords({ times: 1, skip: 1 }), 'the next request after 1 other');
  t.equal(effectWords({ phase: 'before', effect: { fault: 'smoke' } }), 'smoke');
});

t.test('a refusal stands at the field it is about', async (t) => {
  const { call } = await testServer(t);
  const refused = async (parts: Partial<FaultForm>) => {
    const { status, body } = await call('POST', '/__admin/faults', { json: ruleOf(form(parts)) });
    t.equal(status, 400);
    return refusalsByField(body);
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
  t.strictSame(refusalsByField({ detail: 'No room.' }), { form: 'No room.' });
  t.strictSame(refusalsByField({}), { form: 'It was refused.' });
  t.strictSame(refusalsByField({ type: 'urn:understudy:undocumented-preference' }), { effect: '' });
  const twice = [
    { path: 'match.id', message: 'first' },
    { path: 'match.id', message: 'second' },
    { path: 'wings', message: 'Invalid input' },
  ];
  t.strictSame(refusalsByField({ errors: twice }), { id: 'first', form: 'Invalid input' });
});

t.test('operations and errors to choose from are those of the catalogue', async (t) => {
  const { call } = await testServer(t);
  const { errors } = (await call('GET', '/__admin/errors')).body;
  const named = operationsOf(errors, 'conductor').map(({ operation }) => operation);
  t.ok(named.includes('endUsers.delete'));
  t.equal(named.length, 7);
  t.equal(operationsOf(errors, '').length, 48);
  const statuses = errorChoices(errors, form({})).map(({ value }) => value);
  t.ok(statuses.includes('503') && statuses.every((value) => /^\d{3}$/.test(value)), 'of many: statuses');
  const choices = errorChoices(errors, form({ provider: 'proficient', operation: 'users_delete' }));
  t.match(choices, [{ value: '401 invalid_credentials', when: /key/ }]);
  t.equal(keptChoice(choices, '503'), '503 unavailable', 'one of the same status');
  t.equal(keptChoice(choices, '404 resource_not_found'), '404 resource_not_found');
  t.equal(keptChoice(choices, '418'), choices.at(-1)?.value);
  t.equal(keptChoice([], '418'), '418');
});
