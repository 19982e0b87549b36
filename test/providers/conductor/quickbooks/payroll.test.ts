// The payroll of an employee: an update replaces it, and keeps the earnings unless it says otherwise.
import t from 'tap';
import { LARKSPUR, openBooks } from './books.ts';

t.test('an update replaces the payroll of an employee, and keeps the earnings', async (t) => {
  const books = await openBooks(t);
  await books.server.call('POST', `/__admin/conductor/end-users/${LARKSPUR}/preferences`, {
    json: { appAccessRights: { isPersonalDataAccessAllowed: true } },
  });
  const ids = await books.ids('accounts', 'classes');
  const wage = await books.make('payroll-wage-items', {
    name: 'Hourly',
    wageType: 'hourly_regular',
    expenseAccountId: ids.Rent,
  });
  const earning = (rate: string) => ({ payrollWageItemId: wage.id, rate });
  const shown = (rate: string) => ({
    payrollWageItem: { id: wage.id, fullName: 'Hourly' },
    rate,
    ratePercent: null,
  });
  const employee = await books.make('employees', {
    firstName: 'Cy',
    employeePayroll: { payPeriod: 'weekly', classId: ids.North, earnings: [earning('20.00')] },
  });
  const empty = {
    payPeriod: null,
    class: null,
    useTimeDataToCreatePaychecks: null,
    sickHours: null,
    vacationHours: null,
  };
  const change = async (employeePayroll: object) =>
    (await books.change('employees', employee.id, { employeePayroll })).employeePayroll;
  t.strictSame(employee.employeePayroll, {
    ...empty,
    payPeriod: 'weekly',
    class: { id: ids.North, fullName: 'North' },
    earnings: [shown('20.00')],
  });
  t.strictSame(await change({ payPeriod: 'monthly' }), {
    ...empty,
    payPeriod: 'monthly',
    earnings: [shown('20.00')],
  });
  t.strictSame(await change({ earnings: [earning('21.00'), earning('22.00')] }), {
    ...empty,
    earnings: [shown('21.00'), shown('22.00')],
  });
  t.strictSame(await change({ deleteAllEarnings: true, earnings: [earning('23.00')] }), {
    ...empty,
    earnings: [shown('23.00')],
  });
  t.strictSame(await change({ payPeriod: 'weekly', deleteAllEarnings: true }), {
    ...empty,
    payPeriod: 'weekly',
    earnings: [],
  });
});
