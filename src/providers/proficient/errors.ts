// Proficient's errors: one envelope, seven codes (documented); which code goes with which status follows their names.
import { z } from 'zod';
import {
  type CatalogueEntry,
  entriesFrom,
  Failure,
  type InputIssue,
  type ProviderErrors,
} from '../../core/provider/errors.ts';

export const ApiErrorCode = z.enum([
  'invalid_request',
  'invalid_credentials',
  'forbidden',
  'resource_not_found',
  'conflict',
  'unavailable',
  'unknown',
]);
type Code = z.infer<typeof ApiErrorCode>;

export const ApiErrorBody = z.object({ code: ApiErrorCode, message: z.string() });

/** Every answer that is not 200 (documented). */
export const ApiError = z.object({ error: ApiErrorBody });

const entry = entriesFrom<Code>('documented');

/** What Proficient can refuse with. Codes are documented, texts are ours. */
export const ERRORS = {
  invalid_request: entry(
    'invalid_request',
    400,
    'The request is not acceptable.',
    'a body or query value is missing, of the wrong type or out of range; unreadable or oversized bodies; an external id that is taken',
    {
      injectableOn: (operation) => operation.hasBody || operation.hasQuery,
    },
  ),
  invalid_credentials: entry(
    'invalid_credentials',
    401,
    'Missing or invalid credentials.',
    'no usable key, or in auth=strict an unknown one or a wrong HMAC',
    {
      injectableOn: () => true,
    },
  ),
  forbidden: entry(
    'forbidden',
    403,
    'You may not do this.',
    "another user's interaction, message or profile; an inactive agent; in auth=strict a key of the wrong kind",
  ),
  resource_not_found: entry(
    'resource_not_found',
    404,
    'No such resource.',
    'an id that does not exist, also after a delete; a client reading another user; an unknown path or method',
  ),
  conflict: entry(
    'conflict',
    409,
    'A reply can only be asked for on a message sent by the user.',
    "asking on an agent's message, or while another ask on the same message runs",
  ),
  unknown: entry('unknown', 500, 'Something went wrong.', 'a crash, or because it was asked for', {
    source: 'inferred',
  }),
  unavailable: entry('unavailable', 503, 'The service is temporarily unavailable.', 'only when asked for', {
    onlyByFault: true,
  }),
} as const satisfies Record<Code, CatalogueEntry>;

/** 404 for an id that names nothing. */
export const notFound = (kind: string, id: string) => new Failure(ERRORS.resource_not_found, `No such ${kind}: ${id}`);

export const forbidden = (message: string) => new Failure(ERRORS.forbidden, message);

const invalid = (message: string) => new Failure(ERRORS.invalid_request, message);

export const PROVIDER_ERRORS: ProviderErrors = {
  catalogue: Object.values(ERRORS),
  lenient: (status) =>
    Object.values(ERRORS).find((known) => known.status === status) ??
    entry(status < 500 ? 'invalid_request' : 'unknown', status, 'Requested error.', 'only with handling=lenient', {
      source: 'choice',
    }),
  transport: {
    unknownRoute: ({ method, url }) => notFound('route', `${method} ${url.split('?', 1)[0]}`),
    malformedPath: () => invalid('The path of the request cannot be read.'),
    invalidJson: () => invalid('body: expected valid JSON'),
    notJson: () => invalid('body: expected the content type application/json'),
    missingBody: () => invalid('body: required'),
    tooLarge: () => invalid('body: larger than 1 MiB'),
    invalidInput: (_part, issues) => invalid(issues.map(sentence).join('; ')),
    crash: () => new Failure(ERRORS.unknown),
  },
  body: (failure) => ({ error: { code: failure.entry.name, message: failure.message } }),
};

/** The field's path first, then what is wrong with it. */
function sentence(issue: InputIssue): string {
  const subject = issue.path || 'body';
  switch (issue.code) {
    case 'required':
      return `${subject}: required`;
    case 'type':
      // 1e999 is a number to JSON and Infinity to JavaScript.
      if (issue.expected === issue.received) return `${subject}: expected a finite number`;
      return `${subject}: expected ${named(issue.expected as string)}, got ${named(issue.received as string)}`;
    case 'option':
      return `${subject}: expected one of ${(issue.options as readonly string[]).join(', ')}`;
    default:
      return `${subject}: ${issue.message}`;
  }
}

function named(type: string): string {
  if (type === 'null') return type;
  const name = type === 'int' ? 'integer' : type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
