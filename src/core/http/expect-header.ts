// Requests with an unknown Expect header.
import type { Server } from 'node:http';

/**
 * Makes a server ignore unknown `Expect` headers. Node would respond with an empty 417, which no provider's contract
 * declares; RFC 9110, section 10.1.1, allows either.
 */
export function ignoreUnknownExpectations(server: Pick<Server, 'on' | 'emit'>): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
