// Ids and paths of the built-in Conductor fixtures, and the check of error responses.
import type { Test } from 'tap';
import type { TestServer } from '../../harness.ts';

export const V1 = '/conductor/v1';
export const key = { authorization: 'Bearer sk_conductor_test' };
export const CONNECTED = 'end_usr_1234567abcdefg';
export const UNCONNECTED = 'end_usr_5wpdwmc6a5ingu';
export const PENDING = 'end_usr_znh19h8qnywdrt';
export const through = (id: string) => `${V1}/end-users/${id}/passthrough/quickbooks_desktop`;
export const healthCheck = `${V1}/quickbooks-desktop/health-check`;

const QUIET = 'An internal server error occurred. Please try again.';

/** Compares a whole error response; its request id must be the header's. */
export function expectError(
  t: Test,
  answer: Awaited<ReturnType<TestServer['call']>>,
  status: number,
  type: string,
  code: string,
  message: string,
  integrationCode?: string,
) {
  t.equal(answer.status, status);
  t.match(answer.headers['content-type'], /^application\/json(;|$)/);
  t.strictSame(answer.body, {
    error: {
      message,
      userFacingMessage: type === 'INTEGRATION_CONNECTION_ERROR' ? message : QUIET,
      type,
      code,
      httpStatusCode: status,
      ...(integrationCode ? { integrationCode } : {}),
      requestId: answer.headers['conductor-request-id'],
    },
  });
}
