// https beside http: a second server, whose requests the app answers, with a certificate for every name asked for.
import type { ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { setTcpSocket } from '../faults/wire-faults.ts';
import { ignoreUnknownExpectations } from '../http/expect-header.ts';

/** How long a client may take to agree on a cipher, in ms. */
const HANDSHAKE_TIMEOUT = 30_000;

/** Where https is served, and with what. */
export interface TlsOptions {
  readonly port: number;
  readonly host: string;
  readonly http: ServerOptions;
  /** The folder that keeps the CA; null has a new one each time. */
  readonly data: string | null;
}

/**
 * Serves all that the app serves over https as well; closed with the app. Rejects when the port cannot be had.
 *
 * @throws DataError when the CA in the data folder cannot be used
 */
export async function openTls(app: FastifyInstance, { port, host, http, data }: TlsOptions): Promise<Server> {
  // Loaded only now: who serves no https does not wait for X.509.
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
  const carriers = new Map<string, Socket>();
  // Connections that have not agreed on a cipher: the HTTP server knows nothing of them.
  const handshaking = new Set<Socket>();
  server.on('connection', (tcp: Socket) => {
    const ends = endpointsOf(tcp);
    carriers.set(ends, tcp);
    handshaking.add(tcp);
    tcp.once('close', () => {
      carriers.delete(ends);
      handshaking.delete(tcp);
    });
  });
  server.on('secureConnection', (encrypted) => {
    const tcp = carriers.get(endpointsOf(encrypted)) as Socket;
    handshaking.delete(tcp);
    setTcpSocket(encrypted, tcp);
  });
  // Who does not speak TLS would not understand an answer.
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

/** Both ends of a connection, which no other one has at the same time. */
function endpointsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
