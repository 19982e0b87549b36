// Proficient's errors: one envelope and seven codes (documented); the statuses follow from the names of the codes.
import { z } from 'zod';
import { entriesFrom, Failure, type InputIssue, named, type ProviderErrors } from '../../core/provider/errors.ts';

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

/** The body of every response other than 200 (documented). */
export const ApiError = z.object({ error: ApiErrorBody });

const entry = entriesFrom('documented');

/** Proficient's error catalogue. Codes are documented, messages are our choice. */
export const ERRORS = named<Code>({
  invalid_request: entry(
    400,
    'The request is not acceptable.',
    'a body or query value is missing, of the wrong type or out of range; the body is unreadable or too large; the external id is taken',
    {
      injectableOn: (operation) => operation.hasBody || operation.hasQuery,
    },
  ),
  invalid_credentials: entry(
    401,
    'Missing or invalid credentials.',
    'a malformed key, or no external id where a user has to be named; in auth=strict also no key, an unknown one or a wrong HMAC',
    {
      injectableOn: () => true,
    },
  ),
  forbidden: entry(
    403,
    'You may not do this.',
    "another user's interaction, message or profile; an inactive agent; in auth=strict a key of the wrong kind",
  ),
  resource_not_found: entry(
    404,
    'No such resource.',
    'an id that does not exist, also after a delete; a client reading another user; an unknown path or method',
  ),
  conflict: entry(
    409,
    'A reply can only be asked for on a message sent by the user.',
    'the message was sent by an agent, or another ask for it is in progress',
  ),
  unknown: entry(500, 'Something went wrong.', 'an internal error, or a planned fault', {
    source: 'inferred',
  }),
  unavailable: entry(503, 'The service is temporarily unavailable.', 'only as a planned fault', {
    onlyByFault: true,
  }),
});

/** The failure for an unknown id (404). */
export const notFound = (kind: string, id: string) => new Failure(ERRORS.resource_not_found, `No such ${kind}: ${id}`);

/** The failure for a forbidden action (403). */
export const forbidden = (message: string) => new Failure(ERRORS.forbidden, message);

const invalid = (message: string) => new Failure(ERRORS.invalid_request, message);

/** Proficient's catalogue, transport errors and error body. */
export const PROVIDER_ERRORS: ProviderErrors = {
  catalogue: Object.values(ERRORS),
  lenient: (status) =>
    Object.values(ERRORS).find((known) => known.status === status) ?? {
      name: status < 500 ? 'invalid_request' : 'unknown',
      ...entry(status, 'Requested error.', 'only with handling=lenient', { source: 'choice' }),
    },
  transport: {
    unknownRoute: ({ method, url }) => notFound('route', `${method} ${url.split('?', 1)[0]}`),
    malformedPath: () => invalid('The path of the request cannot be read.'),
    oversized: (part) => invalid(`The ${part === 'url' ? 'URL is too long' : 'headers are larger than 16 KiB'}.`),
    invalidJson: () => invalid('body: expected valid JSON'),
    notJson: () => invalid('body: expected the content type application/json'),
    unsupportedEncoding: () => invalid('body: expected the content encoding gzip or deflate, or none'),
    missingBody: () => invalid('body: required'),
    tooLarge: () => invalid('body: larger than 1 MiB'),
    invalidInput: (_part, issues) => invalid(issues.map(sentence).join('; ')),
    crash: () => new Failure(ERRORS.unknown),
  },
  body: (failure) => ({ error: { code: failure.entry.name, message: failure.message } }),
};

/** The message for an invalid field: its path, then the problem. */
function sentence(issue: InputIssue): string {
  const subject = issue.path || 'body';
  switch (issue.code) {
    case 'required':
      return `${subject}: required`;
    case 'type':
      // JSON allows 1e999, which JavaScript parses as Infinity.
      if (issue.expected === issue.received) return `${subject}: expected a finite number`;
      return `${subject}: expected ${typeNamed(issue.expected as string)}, got ${typeNamed(issue.received as string)}`;
    case 'option':
      return `${subject}: expected one of ${(issue.options as readonly string[]).join(', ')}`;
    default:
      return `${subject}: ${issue.message}`;
  }
}

function typeNamed(type: string): string {
  if (type === 'null') return type;
  const name = type === 'int' ? 'integer' : type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
