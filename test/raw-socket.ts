// A plain TCP client for tests: sends bytes that no HTTP client would, and reads what comes back.
import { connect } from 'node:net';

/** Sends bytes to a port of 127.0.0.1; resolves to all that comes back, as latin1, once the connection is closed. */
export function sendRaw(port: string | number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    let received = '';
    socket.on('data', (data) => (received += data.toString('latin1')));
    // A reset ends it like a close does.
    socket.on('error', () => {}).on('close', () => resolve(received));
  });
}
