// Writes the QuickBooks Desktop operations into openapi/conductor.json and its overlay, from a file of contract facts:
// names, paths and schemas as published, without prose. Summaries and descriptions are made here, per verb and resource.
//   node scripts/quickbooks-contract.mjs <facts.json>
import { readFileSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const facts = JSON.parse(readFileSync(file, 'utf8'));
const CONTRACT = new URL('../openapi/conductor.json', import.meta.url);
const OVERLAY = new URL('../openapi/conductor.overlay.json', import.meta.url);
const PREFIX = '/quickbooks-desktop/';

/** The chapters of the document, with the resources in each. */
const CHAPTERS = {
  'qbd-company-file': ['company', 'preferences', 'accounts', 'account-tax-lines', 'classes', 'currencies', 'templates', 'transactions', 'deleted-list-objects', 'deleted-transactions', 'health-check'],
  'qbd-people': ['customers', 'customer-types', 'vendors', 'employees', 'other-names', 'sales-representatives', 'payroll-wage-items', 'time-tracking-activities'],
  'qbd-items': ['discount-items', 'inventory-assembly-items', 'inventory-items', 'item-groups', 'item-sites', 'non-inventory-items', 'other-charge-items', 'service-items', 'subtotal-items', 'sales-tax-items', 'sales-tax-group-items', 'price-levels', 'unit-of-measure-sets'],
  'qbd-lists': ['date-driven-terms', 'standard-terms', 'shipping-methods', 'payment-methods', 'sales-tax-codes', 'inventory-sites'],
  'qbd-sales': ['estimates', 'sales-orders', 'invoices', 'sales-receipts', 'credit-memos', 'receive-payments', 'credit-card-refunds'],
  'qbd-purchases': ['purchase-orders', 'item-receipts', 'bills', 'vendor-credits', 'bill-check-payments', 'bill-credit-card-payments', 'bills-to-pay', 'sales-tax-payment-checks'],
  'qbd-banking': ['checks', 'credit-card-charges', 'credit-card-credits', 'deposits', 'payments-to-deposit', 'transfers', 'journal-entries'],
  'qbd-inventory': ['build-assemblies', 'inventory-adjustments'],
  'qbd-reports': ['reports'],
};

/** Resources whose name is not the plural of one thing. */
const SINGULAR = {
  classes: 'class',
  company: 'company',
  currencies: 'currency',
  preferences: 'preferences',
  'bills-to-pay': 'bill to pay',
  'build-assemblies': 'build assembly',
  'date-driven-terms': 'date-driven term',
  'inventory-adjustments': 'inventory adjustment',
  'journal-entries': 'journal entry',
  'payments-to-deposit': 'payment to deposit',
  'time-tracking-activities': 'time tracking activity',
};

const REPORTS = {
  generalSummary: 'a general summary',
  generalDetail: 'a general detail',
  aging: 'an aging',
  budgetSummary: 'a budget summary',
  job: 'a job',
  time: 'a time',
  customDetail: 'a custom detail',
  customSummary: 'a custom summary',
  payrollDetail: 'a payroll detail',
  payrollSummary: 'a payroll summary',
};

/** What each parameter selects; `{things}` is replaced by the resource. */
const PARAMETERS = {
  'Conductor-End-User-Id': 'Id of the end-user whose company file to use.',
  ids: 'Looks up {things} by these ids; all other filters are ignored then, and an unknown id fails the request.',
  fullNames: 'Looks up {things} by these full names, whatever their case; an unknown one fails the request.',
  names: 'Looks up {things} by these names, whatever their case; an unknown one fails the request.',
  refNumbers: 'Looks up {things} by these reference numbers, case-sensitive; an unknown one fails the request.',
  limit: 'The most {things} to return.',
  cursor: 'The `nextCursor` of the page before this one.',
  status: 'Only active {things}, only inactive ones, or all.',
  updatedAfter: 'Only {things} updated at or after this time; a date means its beginning in the time zone of the file.',
  updatedBefore: 'Only {things} updated at or before this time; a date means its end in the time zone of the file.',
  transactionDateFrom: 'Only {things} dated on or after this day.',
  transactionDateTo: 'Only {things} dated on or before this day.',
  nameContains: 'Only {things} whose name contains this text.',
  nameStartsWith: 'Only {things} whose name starts with this text.',
  nameEndsWith: 'Only {things} whose name ends with this text.',
  nameFrom: 'Only {things} whose name is this or comes after it in the alphabet.',
  nameTo: 'Only {things} whose name is this or comes before it in the alphabet.',
  refNumberContains: 'Only {things} whose reference number contains this text.',
  refNumberStartsWith: 'Only {things} whose reference number starts with this text.',
  refNumberEndsWith: 'Only {things} whose reference number ends with this text.',
  refNumberFrom: 'Only {things} whose reference number is this or a later one.',
  refNumberTo: 'Only {things} whose reference number is this or an earlier one.',
  totalBalance: 'Only {things} whose total balance is this amount.',
  totalBalanceGreaterThan: 'Only {things} whose total balance is greater.',
  totalBalanceGreaterThanOrEqualTo: 'Only {things} whose total balance is this amount or greater.',
  totalBalanceLessThan: 'Only {things} whose total balance is less.',
  totalBalanceLessThanOrEqualTo: 'Only {things} whose total balance is this amount or less.',
  includeLineItems: 'Whether the lines are returned.',
  includeComponentLineItems: 'Whether the component lines are returned.',
  includeLinkedTransactions: 'Whether the linked transactions are returned.',
  excludeAlternateShippingAddresses: 'Whether the alternate shipping addresses are left out.',
  paymentStatus: 'Only paid {things}, only unpaid ones, or all.',
  pendingStatus: 'Only pending {things}, only others, or all.',
  accountType: 'Only of this account type.',
  paymentMethodType: 'Only payment methods of this type.',
  itemType: 'Only of items of this type; not together with ids of items or sites.',
  siteIds: 'Only at these inventory sites.',
  vendorId: 'Id of the vendor whose bills to list; from a response of the vendors.',
  payablesAccountId: 'Only bills and credits of this accounts-payable account.',
  dueDate: 'Only bills due on or before this day.',
  objectTypes: 'The kinds of list objects, in the order of the response.',
  transactionTypes: 'The kinds of transactions.',
  deletedAfter: 'Only what was deleted at or after this time.',
  deletedBefore: 'Only what was deleted at or before this time.',
  detailLevel: 'Which rows of a transaction are returned.',
  postingStatus: 'Only what posts to accounts, only what does not, or both.',
  reportType: 'The report.',
};
const IDS = {
  accountIds: 'these accounts',
  classIds: 'these classes',
  currencyIds: 'these currencies',
  customerIds: 'these customers or jobs',
  entityIds: 'these customers, vendors, employees or other names',
  itemIds: 'these items',
  payeeIds: 'these payees',
  vendorIds: 'these vendors',
};

const document = JSON.parse(readFileSync(CONTRACT, 'utf8'));
const overlay = JSON.parse(readFileSync(OVERLAY, 'utf8'));
const requestId = document.paths['/end-users'].get.responses['200'].headers;
const kept = Object.entries(document.paths).filter(([path]) => !path.startsWith(PREFIX) || path === `${PREFIX}health-check`);
const paths = Object.fromEntries(kept);
const named = {};
const singular = (resource) => SINGULAR[resource] ?? resource.replaceAll('-', ' ').replace(/s$/, '');
const plural = (resource) => resource.replaceAll('-', ' ');
const a = (thing) => `${/^[aeiou](?!ni)/.test(thing) ? 'an' : 'a'} ${thing}`;
const chapterOf = (resource) => Object.keys(CHAPTERS).find((chapter) => CHAPTERS[chapter].includes(resource));

function prose(resource, verb) {
  const [one, many] = [singular(resource), plural(resource)];
  if (resource === 'reports')
    return [`Run ${REPORTS[verb]} report`, 'Returns a report computed from the company file, as columns and rows.', 'The report.'];
  if (resource === 'company') return ['Get the company', 'Returns the company whose books the file holds.', 'The company.'];
  if (resource === 'preferences') return ['Get the preferences', 'Returns the preferences of the company file.', 'The preferences.'];
  return {
    list: [`List ${many}`, `Returns the ${many} of the company file that match all filters.`, `The matching ${many}.`],
    create: [`Create ${a(one)}`, `Creates ${a(one)} in the company file.`, `The new ${one}.`],
    retrieve: [`Get ${a(one)}`, `Returns ${a(one)} by its id.`, `The ${one}.`],
    update: [
      `Update ${a(one)}`,
      `Changes ${a(one)}; needs its current revisionNumber. What is left out stays as it is.`,
      `The ${one} after the change.`,
    ],
    delete: [`Delete ${a(one)}`, `Deletes ${a(one)}, together with its links to other transactions.`, 'Confirmation of the deletion.'],
    void: [`Void ${a(one)}`, `Sets the amounts of ${a(one)} to zero and keeps the record.`, 'Confirmation that it is void.'],
  }[verb];
}

function parameterOf(given, resource, verb) {
  const { name, in: place, required, schema } = given.$ref ? facts.components.parameters[given.$ref.split('/').pop()] : given;
  const things = resource === 'reports' ? 'rows' : plural(resource);
  const text =
    place === 'path'
      ? `Id of the ${singular(resource)}.`
      : name in IDS
        ? `Only ${things} of ${IDS[name]}.`
        : PARAMETERS[name]?.replace('{things}', things) ??
          (resource === 'reports' ? `Selects by ${name.replace(/([A-Z])/g, ' $1').toLowerCase()}.` : undefined);
  if (text === undefined) throw new Error(`${resource} ${verb}: parameter ${name} has no description`);
  return { name, in: place, description: text, ...(required ? { required } : {}), schema };
}

for (const operation of facts.operations) {
  const [, resource] = operation.path.slice(1).split('/');
  const verb = operation.sdkMethod.split('.').pop();
  if (resource === 'health-check') continue;
  const [summary, description, result] = prose(resource, verb);
  const { contentType, schema } = operation.responses['200'];
  paths[operation.path] ??= {};
  paths[operation.path][operation.method.toLowerCase()] = {
    summary,
    description,
    security: operation.security,
    parameters: operation.parameters.map((one) => parameterOf(one, resource, verb)),
    ...(operation.requestBody === null
      ? {}
      : {
          requestBody: {
            required: operation.requestBody.required,
            content: { [operation.requestBody.contentType]: { schema: operation.requestBody.schema } },
          },
        }),
    responses: { 200: { description: result, headers: requestId, content: { [contentType]: { schema } } } },
  };
  named[operation.path] ??= {};
  named[operation.path][operation.method.toLowerCase()] = {
    'x-understudy-operation': operation.sdkMethod,
    tags: [chapterOf(resource)],
  };
}

document.paths = paths;
document.info.description =
  'The structure Conductor publishes for its 262 operations: names, paths, types and statuses. The prose was written for this project.';
document.components.schemas = {
  ...Object.fromEntries(Object.entries(document.components.schemas).filter(([name]) => !/^(qbd|in|out|enum)_/.test(name))),
  ...facts.components.schemas,
};
writeFileSync(CONTRACT, `${written(document, 4)}\n`);

/** JSON with one operation or schema a line: `depth` levels are indented. */
function written(value, depth, indent = '') {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const members = Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${written(one, depth - 1, inner)}`);
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

const NAMES = 'The published document names no operations; planned faults, the journal and receipts use the names of the official SDK. The tags are ours.';
const target = '$.paths';
overlay.actions = overlay.actions.filter((action) => action.target !== target);
overlay.actions.push({ target, description: NAMES, update: named });
writeFileSync(OVERLAY, `${JSON.stringify(overlay, null, 2)}\n`);
