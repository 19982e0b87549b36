// Disconnects clients that stop reading their response, which would stay in memory until they do.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Disconnects clients that read nothing of a pending response for `milliseconds`. Slow handlers are not affected. */
export function disconnectStalledClients(app: FastifyInstance, milliseconds: number): void {
  app.addHook('onRequest', (_request, { raw }, done) => {
    // Injected and in-process requests have no socket.
    if (typeof raw.socket?.setTimeout === 'function') raw.on('timeout', disconnectIfStalled).setTimeout(milliseconds);
    done();
  });
}

/** The timeout also fires on connections that are idle because nothing is to be sent. */
function disconnectIfStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
