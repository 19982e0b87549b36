// What the log shows of requests and errors: no query parameter, header or packet with a key or a token.
import type { FastifyRequest } from 'fastify';
import { redactUrl } from '../journal/journal-entry.ts';

/** A query parameter with a secret in any text, e.g. in the message of an error that quotes a URL. */
const SECRET = /([?&](?:key|token)=)[^&#\s"'<>]+/gi;

/** Pino's serializers, by the name under which Fastify and we log a value. */
export const LOG_SERIALIZERS = {
  req: ({ method, url, host, ip, socket }: FastifyRequest) => ({
    method,
    url: redactUrl(url),
    host,
    remoteAddress: ip,
    remotePort: socket?.remotePort,
  }),
  /** Only these members: errors of Node's HTTP parser hold the packet, with all headers. */
  err: ({ name, message, stack, code }: NodeJS.ErrnoException) => ({
    type: name,
    message: withoutSecrets(message),
    stack: withoutSecrets(stack ?? ''),
    ...(code === undefined ? {} : { code }),
  }),
};

function withoutSecrets(text: string): string {
  return text.replace(SECRET, '$1[redacted]');
}
