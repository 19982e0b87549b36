// Customers and invoices as raw QuickBooks responses write them: the fields of the API under their qbXML names.
import type { Json } from './company-file.ts';

/** qbXML names of fields; what is not listed is not part of a raw response. */
type Names = Readonly<Record<string, string | readonly [string, Names]>>;

const REFERENCE: Names = { id: 'ListID', fullName: 'FullName' };
const ADDRESS: Names = {
  line1: 'Addr1',
  line2: 'Addr2',
  line3: 'Addr3',
  line4: 'Addr4',
  line5: 'Addr5',
  city: 'City',
  state: 'State',
  postalCode: 'PostalCode',
  country: 'Country',
  note: 'Note',
};

const CUSTOMER: Names = {
  id: 'ListID',
  createdAt: 'TimeCreated',
  updatedAt: 'TimeModified',
  revisionNumber: 'EditSequence',
  name: 'Name',
  fullName: 'FullName',
  isActive: 'IsActive',
  class: ['ClassRef', REFERENCE],
  parent: ['ParentRef', REFERENCE],
  sublevel: 'Sublevel',
  companyName: 'CompanyName',
  salutation: 'Salutation',
  firstName: 'FirstName',
  middleName: 'MiddleName',
  lastName: 'LastName',
  jobTitle: 'JobTitle',
  billingAddress: ['BillAddress', ADDRESS],
  shippingAddress: ['ShipAddress', ADDRESS],
  phone: 'Phone',
  alternatePhone: 'AltPhone',
  fax: 'Fax',
  email: 'Email',
  ccEmail: 'Cc',
  contact: 'Contact',
  alternateContact: 'AltContact',
  customerType: ['CustomerTypeRef', REFERENCE],
  terms: ['TermsRef', REFERENCE],
  salesRepresentative: ['SalesRepRef', REFERENCE],
  balance: 'Balance',
  totalBalance: 'TotalBalance',
  salesTaxCode: ['SalesTaxCodeRef', REFERENCE],
  salesTaxItem: ['ItemSalesTaxRef', REFERENCE],
  accountNumber: 'AccountNumber',
  creditLimit: 'CreditLimit',
  note: 'Notes',
  externalId: 'ExternalGUID',
};

const LINE: Names = {
  id: 'TxnLineID',
  item: ['ItemRef', REFERENCE],
  description: 'Desc',
  quantity: 'Quantity',
  unitOfMeasure: 'UnitOfMeasure',
  rate: 'Rate',
  ratePercent: 'RatePercent',
  class: ['ClassRef', REFERENCE],
  amount: 'Amount',
  salesTaxCode: ['SalesTaxCodeRef', REFERENCE],
};

const INVOICE: Names = {
  id: 'TxnID',
  createdAt: 'TimeCreated',
  updatedAt: 'TimeModified',
  revisionNumber: 'EditSequence',
  customer: ['CustomerRef', REFERENCE],
  class: ['ClassRef', REFERENCE],
  receivablesAccount: ['ARAccountRef', REFERENCE],
  documentTemplate: ['TemplateRef', REFERENCE],
  transactionDate: 'TxnDate',
  refNumber: 'RefNumber',
  billingAddress: ['BillAddress', ADDRESS],
  shippingAddress: ['ShipAddress', ADDRESS],
  isPending: 'IsPending',
  isFinanceCharge: 'IsFinanceCharge',
  purchaseOrderNumber: 'PONumber',
  terms: ['TermsRef', REFERENCE],
  dueDate: 'DueDate',
  salesRepresentative: ['SalesRepRef', REFERENCE],
  subtotal: 'Subtotal',
  salesTaxItem: ['ItemSalesTaxRef', REFERENCE],
  salesTaxPercentage: 'SalesTaxPercentage',
  salesTaxTotal: 'SalesTaxTotal',
  appliedAmount: 'AppliedAmount',
  balanceRemaining: 'BalanceRemaining',
  memo: 'Memo',
  isPaid: 'IsPaid',
  lines: ['InvoiceLineRet', LINE],
};

/** A customer that a query found. */
export function customerRet(customer: Json): Json {
  return renamed(customer, CUSTOMER);
}

/** An invoice that a query found. What is applied is negative in qbXML (known of QuickBooks). */
export function invoiceRet(invoice: Json): Json {
  const applied = String(invoice.appliedAmount);
  return renamed({ ...invoice, appliedAmount: Number(applied) === 0 ? applied : `-${applied}` }, INVOICE);
}

/** All values are texts, and what is empty is left out (known of QuickBooks). */
function renamed(from: Json, names: Names): Json {
  const result: Json = {};
  for (const [field, name] of Object.entries(names)) {
    const value = from[field];
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    if (typeof name === 'string') result[name] = String(value);
    else if (Array.isArray(value)) result[name[0]] = value.map((one) => renamed(one as Json, name[1]));
    else result[name[0]] = renamed(value as Json, name[1]);
  }
  return result;
}
