// Actions at the customer's desk, and the records of Larkspur Supply Co. that tests act on.
import type { TestResponse } from '../../../harness.ts';
import { type Books, LARKSPUR, type Node } from './company-file.ts';

export const HARBOR = '8000002B-1735722000';

/** Open, of Harbor Cafe. */
export const INVOICE = '101-1736503200';

/** What the customer does at the desk. */
export const desk = (books: Books, path: string, json: object = {}, endUser = LARKSPUR): Promise<TestResponse> =>
  books.server.call('POST', `/__admin/conductor/end-users/${endUser}/${path}`, { json });

/** The response of the API to what QuickBooks refuses. */
export const refused = (code: string, text: string) => ({
  status: 502,
  body: {
    error: {
      message: `QBD Request Error (${code}): ${text}`,
      userFacingMessage: 'An internal server error occurred. Please try again.',
      type: 'INTEGRATION_ERROR',
      code: 'QBD_REQUEST_ERROR',
      httpStatusCode: 502,
      integrationCode: code,
    },
  },
});

/** A response without what differs each time. */
export function seen({ status, body }: TestResponse): Node {
  const { requestId, ...error } = body.error ?? {};
  return { status, body: body.error === undefined ? body : { error } };
}

/** The body of a response. */
export const rest = async (books: Books, path: string): Promise<Node> => (await books.call('GET', path)).body;
