// Requests that expect something of the server which it does not know.
import type { Server } from 'node:http';

/**
 * Has a server take a request with an unknown `Expect` like any other. Node would refuse it with an empty 417, which no
 * provider's contract has; RFC 9110, section 10.1.1, leaves the choice.
 */
export function ignoreUnknownExpectations(server: Pick<Server, 'on' | 'emit'>): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
