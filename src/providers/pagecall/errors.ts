// Pagecall's errors: an object with a message. Statuses 400 and 500 are documented, the bodies are our choice.
import { z } from 'zod';
import { entriesFrom, Failure, type InputIssue, named, type ProviderErrors } from '../../core/provider/errors.ts';

/** The body of every response other than 200 (our choice). */
export const ErrorBody = z.object({ message: z.string() });

const entry = entriesFrom('choice');

/** Pagecall's error catalogue. The names are our choice: Pagecall publishes no error codes. */
export const ERRORS = named({
  MISSING_KEY: entry(
    400,
    'Missing or malformed API key. Send "Authorization: Bearer <API key>".',
    'no Authorization header, another scheme, or an empty token',
    { source: 'documented' },
  ),
  UNKNOWN_KEY: entry(400, 'Unknown API key.', 'auth=strict and the key is unknown', {
    source: 'documented',
  }),
  INVALID_BODY: entry(
    400,
    'Request body must be valid JSON.',
    'the body is not JSON, has another content type, or is too large',
  ),
  INVALID_PARAMETER: entry(
    400,
    'Invalid parameter.',
    'a field or query value is missing, of the wrong type, or out of range',
    { source: 'documented' },
  ),
  MALFORMED_PATH: entry(400, 'Malformed path.', 'an invalid percent-escape, or a path id longer than 512 characters'),
  USER_NOT_FOUND: entry(400, 'User not found.', 'the user in the path does not exist, also on a second delete'),
  ROOM_NOT_FOUND: entry(400, 'Room not found.', 'the room in the path does not exist'),
  MEMBER_NOT_FOUND: entry(400, 'Member not found.', 'the member in the path is not in this room'),
  NO_SUCH_USER: entry(400, 'user_id: no such user.', 'no user of the workspace has the user_id in the body'),
  NOT_FOUND: entry(404, 'Not Found', 'the API has no such path or method', { injectableOn: () => true }),
  INTERNAL: entry(500, 'Internal Server Error', 'only as a planned fault', {
    onlyByFault: true,
    source: 'documented',
  }),
  UNAVAILABLE: entry(503, 'Service Unavailable', 'only as a planned fault', {
    onlyByFault: true,
    injectableOn: () => true,
  }),
});

/** Pagecall's catalogue, transport errors and error body. */
export const PROVIDER_ERRORS: ProviderErrors = {
  catalogue: Object.values(ERRORS),
  lenient: (status) => ({ name: 'LENIENT', ...entry(status, 'Requested error.', 'only with handling=lenient') }),
  transport: {
    unknownRoute: () => new Failure(ERRORS.NOT_FOUND),
    malformedPath: () => new Failure(ERRORS.MALFORMED_PATH),
    oversized: (part) =>
      new Failure(ERRORS.MALFORMED_PATH, part === 'url' ? 'The URL is too long.' : 'The headers are too large.'),
    invalidJson: () => new Failure(ERRORS.INVALID_BODY),
    notJson: () => new Failure(ERRORS.INVALID_BODY, 'Request body must be sent as application/json.'),
    unsupportedEncoding: () =>
      new Failure(ERRORS.INVALID_BODY, 'Request body must be encoded with gzip or deflate, or not at all.'),
    missingBody: () => new Failure(ERRORS.INVALID_BODY, 'Request body is required.'),
    tooLarge: () => new Failure(ERRORS.INVALID_BODY, 'Request body is too large.'),
    invalidInput: (part, issues) =>
      part === 'path'
        ? new Failure(ERRORS.MALFORMED_PATH)
        : new Failure(ERRORS.INVALID_PARAMETER, issues.map(sentence).join(' ')),
    crash: () => new Failure(ERRORS.INTERNAL),
  },
  body: (failure) => ({ message: failure.message }),
};

function sentence(issue: InputIssue): string {
  const subject = issue.path === '' ? 'Request body' : `${issue.path}:`;
  switch (issue.code) {
    case 'required':
      return `${subject} required.`;
    case 'type':
      return `${subject} must be ${article(issue.expected as string)}, not ${issue.received}.`;
    case 'option':
      return `${subject} must be one of ${(issue.options as readonly string[]).join(', ')}.`;
    default:
      return `${subject} ${issue.message}.`;
  }
}

function article(type: string): string {
  const name = type === 'int' ? 'integer' : type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
