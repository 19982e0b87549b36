// Time that employees, vendors and others worked.
import { invalid } from '../../errors.ts';
import type { Json } from '../company-file.ts';
import { cannotSave } from '../failures.ts';
import { type ResourceEntry, transaction } from '../resource-entry.ts';

type Ref = { readonly id: string };

/** Durations have hours and minutes; seconds are dropped (documented). @throws Failure PARAMETER_INVALID */
function wholeMinutes(duration: string): string {
  const [text, hours = '0', minutes = '0'] =
    /^PT(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:\d{1,6}S)?$/.exec(duration) ?? [];
  if (text === undefined) throw invalid('Invalid input: expected a duration such as PT1H30M at "duration"');
  const all = Number(hours) * 60 + Number(minutes);
  return `PT${Math.floor(all / 60)}H${all % 60}M`;
}

/** Time activities. They post nothing. */
export const TIME_ACTIVITIES: ResourceEntry = transaction('time-tracking-activities', 'Time Tracking', {
  example: {
    create: {
      transactionDate: '2025-02-22',
      entityId: '@employees',
      customerId: '@customers',
      serviceItemId: '@service-items',
      duration: 'PT1H30M',
    },
    update: { entityId: '@employees', duration: 'PT2H0M' },
  },
  references: { entity: { resources: ['employees', 'vendors', 'other-names'] } },
  required: ['transactionDate', 'entity'],
  // By itself the contract's default would be what nobody asked for.
  withDefaults: (request) => ({
    billingStatus: request.customerId && request.serviceItemId ? 'billable' : 'not_billable',
    ...request,
  }),
  complete({ file, request, record, before }) {
    record.duration = wholeMinutes(record.duration as string);
    const { entity, customer, serviceItem, payrollWageItem } = record as { entity: Ref } & Record<string, Ref>;
    if (record.billingStatus === 'billable' && (customer === undefined || serviceItem === undefined)) {
      if (before === null || request.billingStatus !== undefined) {
        throw cannotSave('Time Tracking', 'Billable time needs a customer and a service item.');
      }
      record.billingStatus = 'not_billable';
    }
    const payroll = file.find('employees', entity.id)?.body.employeePayroll as Json | undefined;
    if (payrollWageItem !== undefined && payroll?.useTimeDataToCreatePaychecks !== 'uses_time_data') {
      throw cannotSave('Time Tracking', 'A payroll item is for employees who are paid by time data.');
    }
  },
});
