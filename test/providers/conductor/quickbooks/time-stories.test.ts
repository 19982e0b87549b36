// Time worked, billable and not, on the books of Larkspur Supply Co.
import { story } from './books.ts';
import { DATED, PURCHASE_LISTS, saving } from './larkspur.ts';

story('time is billable for a customer and a service, and posts nothing', async (t, books) => {
  const ids = await books.ids(...PURCHASE_LISTS, 'employees');
  const worked = { ...DATED, entityId: ids['Anna Bell'], duration: 'PT90M40S' };
  const full = { customerId: ids['Harbor Cafe'], serviceItemId: ids.Consulting };
  const made = await books.make('time-tracking-activities', { ...worked, ...full });
  t.match(made, { duration: 'PT1H30M', billingStatus: 'billable', isBilled: false, entity: { fullName: 'Anna Bell' } });
  for (const missing of [{}, { customerId: full.customerId }, { serviceItemId: full.serviceItemId }]) {
    const { billingStatus } = await books.make('time-tracking-activities', { ...worked, ...missing });
    t.equal(billingStatus, 'not_billable');
  }
  const need = { entityId: ids['Anna Bell'], duration: 'PT2H' };
  const changed = await books.change('time-tracking-activities', made.id, { ...need, customerId: '' });
  t.match(changed, { duration: 'PT2H0M', billingStatus: 'not_billable', customer: null });
  await books.refused(
    'POST',
    `time-tracking-activities/${made.id}`,
    { ...need, revisionNumber: changed.revisionNumber, billingStatus: 'billable' },
    '3180',
    saving('Time Tracking', 'Billable time needs a customer and a service item.'),
  );
  for (const duration of ['1:30', 'PT', 'PTH']) {
    const { status, body } = await books.ask('POST', 'time-tracking-activities', { ...worked, duration });
    t.equal(status, 400);
    t.match(body.error.message, 'Invalid input: expected a duration such as PT1H30M at "duration"');
  }
  const wage = await books.make('payroll-wage-items', {
    name: 'Hourly',
    wageType: 'hourly_regular',
    expenseAccountId: ids.Rent,
  });
  const paid = { ...worked, payrollWageItemId: wage.id };
  const why = saving('Time Tracking', 'A payroll item is for employees who are paid by time data.');
  for (const name of ['Anna Bell', 'Paper Mill Co']) {
    await books.refused('POST', 'time-tracking-activities', { ...paid, entityId: ids[name] }, '3180', why);
  }
  const timed = await books.make('employees', {
    firstName: 'Tim',
    employeePayroll: { useTimeDataToCreatePaychecks: 'uses_time_data' },
  });
  t.match(await books.make('time-tracking-activities', { ...paid, entityId: timed.id }), {
    payrollWageItem: { fullName: 'Hourly' },
  });
  t.equal((await books.list(`time-tracking-activities?entityIds=${timed.id}`)).length, 1);
  t.strictSame(await books.ok('DELETE', `time-tracking-activities/${made.id}`), {
    id: made.id,
    objectType: 'qbd_time_tracking_activity',
    deleted: true,
  });
});
