// Sample parameters and bodies of Conductor's operations that work with the built-in fixtures.
import type { Samples } from '../../core/provider/samples.ts';
import { DESK_VIEWS } from './quickbooks/desk-views.ts';
import { EXAMPLE_END_USER, operationExamples } from './quickbooks/examples.ts';
import { DESK_ACTIONS } from './quickbooks/office.ts';
import { RESOURCE_TABLE } from './quickbooks/resources/index.ts';

const END_USER = 'end_usr_alice000000042';

const BODIES: Samples['bodies'] = {
  'endUsers.create': { companyName: 'Harbour Street Bakery', sourceId: 'user-77', email: 'bruno@example.com' },
  'endUsers.passthrough': { CompanyQueryRq: {} },
  connect: { state: 'connected' },
  disconnect: { remove: false },
  setComputer: { state: 'timing-out', phase: 'after-commit' },
  changePreferences: { accounting: { closingDate: '2024-12-31' } },
  editRecord: { changes: { phone: '555-0199' } },
  'authSessions.create': { publishableKey: 'pk_conductor_test', endUserId: END_USER, linkExpiryMins: 30 },
};

type Examples = Required<Pick<Samples, 'operations' | 'bodies'>>;

let examples: Examples | undefined;

/** Read once, on use: the examples of the QuickBooks operations have ids of the fixtures. */
function allExamples(): Examples {
  examples ??= makeExamples();
  return examples;
}

function makeExamples(): Examples {
  const { operations, bodies } = operationExamples(RESOURCE_TABLE);
  // At the customer's desk, a customer is edited, and an invoice deleted: nothing depends on it.
  const recordOf = (action: string) =>
    operations[`qbd.${action === 'deleteRecord' ? 'invoices' : 'customers'}.retrieve`];
  const atDesk = [...DESK_ACTIONS, ...DESK_VIEWS].map(({ name }) => [
    name,
    { id: EXAMPLE_END_USER, recordId: recordOf(name)?.id as string, operation: 'qbd.customers.list' },
  ]);
  return { operations: { ...operations, ...Object.fromEntries(atDesk) }, bodies: { ...BODIES, ...bodies } };
}

/** Conductor's samples. */
export const SAMPLES: Samples = {
  authorize: { BearerAuth: '{secretKey}' },
  parameters: { id: END_USER, 'conductor-end-user-id': END_USER, integrationslug: 'quickbooks_desktop' },
  get operations() {
    return allExamples().operations;
  },
  get bodies() {
    return allExamples().bodies;
  },
};
