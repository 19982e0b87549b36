// QuickBooks' own refusals: a situation becomes QBD_REQUEST_ERROR with QuickBooks' status code and its text.
import { Failure } from '../../../core/provider/errors.ts';
import { ERRORS } from '../errors.ts';

/** QuickBooks' status codes for the situations that occur here (known of QuickBooks, as integrators report them). */
export const CODES = {
  lookUp: '500',
  closedOrder: '570',
  unsupported: '1030',
  malformedId: '3000',
  date: '3020',
  dateRange: '3030',
  amount: '3040',
  price: '3045',
  percent: '3050',
  quantity: '3060',
  name: '3090',
  nameTaken: '3100',
  notFound: '3120',
  cycle: '3130',
  reference: '3140',
  missing: '3150',
  deletion: '3160',
  deletionClosed: '3161',
  change: '3170',
  changeClosed: '3171',
  locked: '3175',
  relatedLocked: '3176',
  saving: '3180',
  clearing: '3190',
  revision: '3200',
  value: '3210',
  personalData: '3261',
  lineOrder: '3290',
} as const;

/** The failure of a request that QuickBooks refused. `text` is QuickBooks' own message. */
export function refusal(code: (typeof CODES)[keyof typeof CODES], text: string): Failure {
  return new Failure(ERRORS.QBD_REQUEST_ERROR, `QBD Request Error (${code}): ${text}`, { integrationCode: code });
}

/** A look-up, or a retrieve, that misses. Which status a retrieve has is our choice: that of a look-up. */
export function missed(value: string): Failure {
  return refusal(
    CODES.lookUp,
    `The query request has not been fully completed. There was a required element ("${value}") that could not be found in QuickBooks.`,
  );
}

/** The form of all ids. */
const ID = /^[0-9A-F]{1,8}-\d{1,10}$/;

/** The failure for an id that cannot be one; null for one that could be. */
export function malformedId(id: string): Failure | null {
  if (ID.test(id)) return null;
  return refusal(CODES.malformedId, `The given object ID "${id}" in the field "list ID" is invalid.`);
}

/** A retrieve, or a look-up or filter by id, that misses. */
export function missedId(id: string): Failure {
  return malformedId(id) ?? missed(id);
}

/** An update, delete or void of an object that is not there, or a link to one. */
export function notFound(id: string): Failure {
  return malformedId(id) ?? notThere(id);
}

/** An entry of an array that the stored object does not have, whatever the form of its id. */
export function notThere(id: string): Failure {
  return refusal(CODES.notFound, `Object "${id}" specified in the request cannot be found.`);
}

/** A reference in a body to something that is not there, is of another list, or has the wrong account type. */
export function badReference(field: string, id: string, thing: string): Failure {
  return refusal(CODES.reference, `There is an invalid reference to QuickBooks ${field} "${id}" in the ${thing}.`);
}

/** A field that is missing under a condition that the schema does not know. */
export function missing(element: string): Failure {
  return refusal(CODES.missing, `There is a missing element: "${element}".`);
}

/** A field that an empty text does not clear. */
export function cannotClear(field: string): Failure {
  return refusal(CODES.clearing, `Cannot clear the element in the "${field}" field.`);
}

/** An object that cannot be deleted or voided. */
export function cannotRemove(id: string, verb: 'delete' | 'void', why: string): Failure {
  return refusal(CODES.deletion, `Cannot ${verb} the object specified by the id = "${id}". ${why}`);
}

/** An object that cannot be saved because a business rule forbids it. */
export function cannotSave(thing: string, why: string): Failure {
  return refusal(CODES.saving, `There was an error when saving a ${thing}. QuickBooks error message: ${why}`);
}

/** An object that cannot be changed in this way. */
export function cannotChange(thing: string, why: string): Failure {
  return refusal(CODES.change, `There was an error when modifying a ${thing}. QuickBooks error message: ${why}`);
}
