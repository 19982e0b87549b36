// Serves https on a second port, with a certificate for each requested host name; the app handles the requests.
import type { ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { setTcpSocket } from '../faults/wire-faults.ts';
import { ignoreUnknownExpectations } from '../http/expect-header.ts';

/** Timeout of the TLS handshake, in ms. */
const HANDSHAKE_TIMEOUT = 30_000;

/** Options of the https port. */
export interface TlsOptions {
  readonly port: number;
  readonly host: string;
  readonly http: ServerOptions;
  /** The folder that stores the CA; null creates a new CA each time. */
  readonly data: string | null;
}

/**
 * Serves the app over https as well; the port closes with the app. Rejects when the port cannot be opened.
 *
 * @throws DataError when the CA in the data folder is unusable
 */
export async function openTls(app: FastifyInstance, { port, host, http, data }: TlsOptions): Promise<Server> {
  // Loaded on use, so that a start without https does not load the X.509 library.
  const { Authority } = await import('./certificate-authority.ts');
  const authority = Authority.open(data);
  await app.ready();
  const server = createServer(
    {
      ...http,
      ...authority.credentials(host),
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      SNICallback: (name, done) => done(null, authority.contextFor(name)),
    },
    app.routing,
  );
  const tcpByEndpoints = new Map<string, Socket>();
  // Connections before the end of their handshake, which the HTTP server does not track.
  const handshaking = new Set<Socket>();
  server.on('connection', (tcp: Socket) => {
    const endpoints = endpointsOf(tcp);
    tcpByEndpoints.set(endpoints, tcp);
    handshaking.add(tcp);
    tcp.once('close', () => {
      tcpByEndpoints.delete(endpoints);
      handshaking.delete(tcp);
    });
  });
  server.on('secureConnection', (encrypted) => {
    const tcp = tcpByEndpoints.get(endpointsOf(encrypted)) as Socket;
    handshaking.delete(tcp);
    setTcpSocket(encrypted, tcp);
  });
  // A client that does not speak TLS could not read a response.
  server.removeAllListeners('tlsClientError').on('tlsClientError', (_error, socket) => socket.destroy());
  ignoreUnknownExpectations(server);
  server.on('clientError', (error, socket) => app.server.emit('clientError', error, socket));
  app.addRootServer({
    close: (done) => {
      for (const tcp of handshaking) tcp.destroy();
      return server.close(done);
    },
    closeIdleConnections: () => server.closeIdleConnections(),
    closeAllConnections: () => server.closeAllConnections(),
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  app.ca.pem = authority.certificate;
  return server;
}

/** Both endpoints of a connection, which identify it. */
function endpointsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
