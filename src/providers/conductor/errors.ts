// Conductor's errors: one closed object under `error` (documented). The contract declares no error statuses; most are
// our choice.
import { z } from 'zod';
import {
  type CatalogueEntry,
  Failure,
  type InputIssue,
  type InputPart,
  named,
  type OperationFacts,
  type ProviderErrors,
  type Unnamed,
} from '../../core/provider/errors.ts';
import { INTEGRATION_MESSAGES } from './integration-codes.ts';

const ErrorType = z.enum([
  'INTEGRATION_ERROR',
  'INTEGRATION_CONNECTION_ERROR',
  'INVALID_REQUEST_ERROR',
  'AUTHENTICATION_ERROR',
  'PERMISSION_ERROR',
  'INTERNAL_ERROR',
]);

/** The error object (documented). */
export const ErrorDetail = z.strictObject({
  message: z.string(),
  userFacingMessage: z.string(),
  type: ErrorType,
  code: z.string(),
  httpStatusCode: z.number(),
  integrationCode: z.string().optional(),
  requestId: z.string(),
});

/** The body of every response other than 200 (documented). */
export const ErrorResponse = z.strictObject({ error: ErrorDetail });

interface Fields {
  readonly type: z.infer<typeof ErrorType>;
  readonly integrationCode?: string;
}

const entry = (
  status: number,
  type: Fields['type'],
  message: string,
  when: string,
  { integrationCode, ...more }: Partial<Unnamed> & { integrationCode?: string } = {},
): Unnamed => ({
  status,
  message,
  when,
  source: 'choice',
  fields: { type, ...(integrationCode === undefined ? {} : { integrationCode }) },
  ...more,
});

/** Whether an operation reaches QuickBooks. */
const isPassthrough = ({ path }: OperationFacts) =>
  path.includes('/passthrough/') || path.startsWith('/quickbooks-desktop/');
const everywhere = { injectableOn: () => true };
const passthroughOnly = { injectableOn: isPassthrough };
const onlyByFault = { onlyByFault: true };

/** Conductor's error catalogue. Of several errors with the same status the first is the default for a fault. */
export const ERRORS = named({
  API_KEY_INVALID: entry(
    401,
    'AUTHENTICATION_ERROR',
    "Invalid API key provided: ''",
    'no secret key, or an invalid one',
    { ...everywhere, source: 'documented' },
  ),
  PARAMETER_INVALID: entry(
    400,
    'INVALID_REQUEST_ERROR',
    'Invalid parameter.',
    'the body, a header or the path is invalid or unreadable',
    everywhere,
  ),
  RESOURCE_ALREADY_EXISTS: entry(
    400,
    'INVALID_REQUEST_ERROR',
    'An end-user with this sourceId already exists.',
    'the sourceId is in use (not 409: the SDKs retry that)',
    {
      injectableOn: ({ operation }) => operation === 'endUsers.create',
    },
  ),
  RESOURCE_MISSING: entry(
    404,
    'INVALID_REQUEST_ERROR',
    'No such end-user.',
    'the end-user in the path, header or body does not exist, also on a second delete',
    {
      injectableOn: (operation) =>
        operation.path.includes('{id}') || operation.operation === 'authSessions.create' || isPassthrough(operation),
    },
  ),
  ROUTE_NOT_FOUND: entry(404, 'INVALID_REQUEST_ERROR', 'No such route.', 'the API has no such path or method'),
  INTEGRATION_CONNECTION_NOT_SET_UP: entry(
    409,
    'INTEGRATION_CONNECTION_ERROR',
    'The QuickBooks Desktop connection of this end-user is not set up yet.',
    'the end-user has no connection, or it never succeeded',
    passthroughOnly,
  ),
  INTEGRATION_CONNECTION_NOT_ACTIVE: entry(
    409,
    'INTEGRATION_CONNECTION_ERROR',
    'The QuickBooks Desktop connection is not active.',
    "the customer's computer is offline (set at the customer's desk, or planned)",
    passthroughOnly,
  ),
  QBD_CONNECTION_ERROR: entry(
    502,
    'INTEGRATION_CONNECTION_ERROR',
    'QBD Connection Error (0x80040420): The QuickBooks user has denied access.',
    'only as a planned fault: QuickBooks cannot be reached',
    {
      ...passthroughOnly,
      ...onlyByFault,
      source: 'documented',
      integrationCode: '0x80040420',
    },
  ),
  QBD_REQUEST_ERROR: entry(
    502,
    'INTEGRATION_ERROR',
    'QBD Request Error (3200): The revision number is out-of-date.',
    'QuickBooks refused the request; integrationCode and message say why',
    {
      ...passthroughOnly,
      integrationCode: '3200',
      integrations: INTEGRATION_MESSAGES,
    },
  ),
  QBD_REQUEST_TIMEOUT: entry(
    504,
    'INTEGRATION_CONNECTION_ERROR',
    'Request timed out after 90 seconds.',
    "the customer's computer does not respond (set at the customer's desk, or planned)",
    passthroughOnly,
  ),
  RATE_LIMITED: entry(429, 'INVALID_REQUEST_ERROR', 'Too many requests.', 'only as a planned fault', {
    ...everywhere,
    ...onlyByFault,
    headers: { 'retry-after': '1' },
  }),
  PERMISSION_DENIED: entry(403, 'PERMISSION_ERROR', 'This key may not use the resource.', 'only as a planned fault', {
    ...everywhere,
    ...onlyByFault,
  }),
  INTERNAL_ERROR: entry(
    500,
    'INTERNAL_ERROR',
    'Unexpected server error.',
    'an internal error, or a planned fault',
    everywhere,
  ),
  SERVICE_UNAVAILABLE: entry(503, 'INTERNAL_ERROR', 'Service temporarily unavailable.', 'only as a planned fault', {
    ...everywhere,
    ...onlyByFault,
  }),
});

const CONNECTION_ERRORS = new Set<CatalogueEntry>([
  ERRORS.INTEGRATION_CONNECTION_NOT_SET_UP,
  ERRORS.INTEGRATION_CONNECTION_NOT_ACTIVE,
  ERRORS.QBD_CONNECTION_ERROR,
  ERRORS.QBD_REQUEST_ERROR,
  ERRORS.QBD_REQUEST_TIMEOUT,
]);

/**
 * Whether a fault is injected at the connection check instead of before the handler: such a request counts for the
 * connection.
 */
export const isConnectionError = (entry: CatalogueEntry) => CONNECTION_ERRORS.has(entry);

/** The failure for invalid input that a handler detects. */
export const invalid = (message: string) => new Failure(ERRORS.PARAMETER_INVALID, message);

/** Conductor's catalogue, transport errors and error body. */
export const PROVIDER_ERRORS: ProviderErrors = {
  catalogue: Object.values(ERRORS),
  lenient: (status) => ({
    name: 'REQUESTED_ERROR',
    ...entry(
      status,
      status < 500 ? 'INVALID_REQUEST_ERROR' : 'INTERNAL_ERROR',
      'Requested error.',
      'only with handling=lenient',
    ),
  }),
  transport: {
    unknownRoute: ({ method, url }, hint) =>
      new Failure(ERRORS.ROUTE_NOT_FOUND, `No route for ${method} ${url.split('?', 1)[0]}. ${hint}`),
    malformedPath: () => invalid('Malformed path encoding at "url"'),
    oversized: (part) =>
      invalid(part === 'url' ? 'URL is too long at "url"' : 'Request headers are too large at "headers"'),
    invalidJson: () => invalid('Invalid JSON at "body"'),
    notJson: () => invalid(NO_BODY),
    unsupportedEncoding: () => invalid('Unsupported content encoding at "body"'),
    missingBody: () => invalid(NO_BODY),
    tooLarge: () => invalid('Request body is too large at "body"'),
    invalidInput: (part, issues) => invalid(issues.map((issue) => sentence(part, issue)).join('; ')),
    crash: () => new Failure(ERRORS.INTERNAL_ERROR),
  },
  body(failure, { requestId }) {
    const { message, entry } = failure;
    const { type, integrationCode } = { ...entry.fields, ...failure.fields } as unknown as Fields;
    return {
      error: {
        message,
        // Only connection errors can be fixed by the end-user (our choice; the other sentence is documented).
        userFacingMessage:
          type === 'INTEGRATION_CONNECTION_ERROR' ? message : 'An internal server error occurred. Please try again.',
        type,
        code: entry.name,
        httpStatusCode: entry.status,
        ...(integrationCode === undefined ? {} : { integrationCode }),
        requestId,
      },
    };
  },
};

const NO_BODY = 'Invalid input: expected object, received undefined at "body"';

function sentence(part: InputPart, { code, path, message }: InputIssue): string {
  // The message lists the unknown keys already.
  if (path === '') return code === 'unknown' ? message : `${message} at "${part}"`;
  return `${message} at "${part === 'headers' ? headerName(path) : path}"`;
}

/** The header name as the provider writes it; Node passes header names in lower case. */
function headerName(name: string): string {
  return name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
