// Ends connections whose clients do not take their answer: it would be kept in memory for as long as they like.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Cuts whoever takes nothing of an answer for so many milliseconds. An answer that is still to come may take its time. */
export function disconnectStalledClients(app: FastifyInstance, milliseconds: number): void {
  app.addHook('onRequest', (_request, { raw }, done) => {
    // What is injected, or comes from within the process, is on no socket.
    if (typeof raw.socket?.setTimeout === 'function') raw.on('timeout', disconnectIfStalled).setTimeout(milliseconds);
    done();
  });
}

/** Told also of a connection on which nothing happened because nothing was to be sent. */
function disconnectIfStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
