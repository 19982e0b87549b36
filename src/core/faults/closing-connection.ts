// Closes a connection after its last bytes, whatever the client does.
import type { Socket } from 'node:net';

/** Time for a client to read the last bytes and close the connection, in ms. */
const CLOSE_TIMEOUT = 1000;

/** Sends the last bytes of a connection; a client that keeps it open is disconnected after a second. */
export function endConnection(socket: Socket, bytes: string): void {
  socket.end(bytes);
  const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT).unref();
  socket.once('close', () => clearTimeout(timer));
}
