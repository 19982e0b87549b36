// QuickBooks' codes that a planned refusal can have, with the texts of their messages (known of QuickBooks).

const TEXTS: Readonly<Record<string, string>> = {
  500: 'The query request has not been fully completed. There was a required element ("80000001-1234567890") that could not be found in QuickBooks.',
  570: 'Unable to link to transaction "123ABC-1234567890" because it has already been closed.',
  1030: 'This request is not supported by the implementation.',
  3000: 'The given object ID "x" in the field "list ID" is invalid.',
  3020: 'There was an error when converting the date value "x" in the field "Date".',
  3030: 'The date range is invalid.',
  3040: 'There was an error when converting the amount "x" in the field "Amount".',
  3045: 'There was an error when converting the price "x" in the field "Rate".',
  3050: 'There was an error when converting the percent "x" in the field "RatePercent".',
  3060: 'There was an error when converting the quantity "x" in the field "Quantity".',
  3090: 'The name "a:b" of the list element is invalid.',
  3100: 'The name "Bob" of the list element is already in use.',
  3120: 'Object "123ABC-1234567890" specified in the request cannot be found.',
  3130: 'The parent "80000001-1234567890" specified in the request is the object itself or below it.',
  3140: 'There is an invalid reference to QuickBooks Customer "80000001-1234567890" in the Invoice.',
  3150: 'There is a missing element: "TaxVendorRef".',
  3160: 'Cannot delete the object specified by the id = "123ABC-1234567890".',
  3161: 'Cannot delete the object specified by the id = "123ABC-1234567890". The date of the transaction is on or before the closing date of the company.',
  3170: 'There was an error when modifying an Invoice.',
  3171: 'There was an error when modifying an Invoice. QuickBooks error message: The date of the transaction is on or before the closing date of the company.',
  3175: 'There was an error adding, modifying or deleting Invoice "123ABC-1234567890" because it is already in use.',
  3176: 'There was an error adding, modifying or deleting Invoice "123ABC-1234567890" because a related transaction is already in use.',
  3180: 'There was an error when saving an Invoice.',
  3190: 'Cannot clear the element in the "name" field.',
  3200: 'The revision number is out-of-date.',
  3210: 'The amount applied is more than the open balance.',
  3250: 'This feature is not enabled or not available in this version of QuickBooks.',
  3260: 'Insufficient permission level to perform this action.',
  3261: 'The application does not have permission to access personal data.',
  3290: 'The item "456DEF-1234567890" is placed in the request in incorrect order.',
};

/** The messages of planned refusals by QuickBooks' code, as responses have them. */
export const INTEGRATION_MESSAGES: ReadonlyMap<string, string> = new Map(
  Object.entries(TEXTS).map(([code, text]) => [code, `QBD Request Error (${code}): ${text}`]),
);
