// Faults on the wire: what reaches the client is no answer, or not all of one.
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { WireFault } from './fault-plan.ts';

/** What carries a connection that is encrypted: only below it can a reset be sent. */
const tcpSockets = new WeakMap<Socket, Socket>();

/** Says which TCP connection carries an encrypted one. */
export function setTcpSocket(encrypted: Socket, tcp: Socket): void {
  tcpSockets.set(encrypted, tcp);
}

/** What a fault holds until its client goes, or the server ends. */
export type HeldConnections = Set<{ destroy(): unknown }>;

/** The answer that would have gone out; before the operation there is none yet. */
export interface LostResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/**
 * Takes the reply away from Fastify and breaks its connection: `reset` sends a TCP RST, `empty` closes without an answer,
 * `malformed` answers something that is not HTTP, `truncated` stops inside the body with a larger
 * content-length, `hang` holds the connection until the client goes. A request without a connection (`inject`)
 * fails for its client in all these cases, and hangs where it should.
 */
export function breakConnection(
  reply: FastifyReply,
  heldConnections: HeldConnections,
  fault: WireFault,
  lost: LostResponse,
): void {
  reply.hijack();
  const { socket } = reply.request.raw;
  if (!(socket instanceof Socket)) {
    if (fault === 'hang') holdConnection(heldConnections, reply.raw);
    else reply.raw.destroy();
    return;
  }
  switch (fault) {
    case 'reset':
      // One that is ending already cannot be reset any more: Node would neither do that nor close it, ever.
      if (socket.writableEnded) socket.destroy();
      else (tcpSockets.get(socket) ?? socket).resetAndDestroy();
      return;
    case 'empty':
      socket.destroy();
      return;
    case 'malformed':
      socket.end('this is not HTTP\r\n\r\n');
      return;
    case 'truncated': {
      const whole = Buffer.byteLength(lost.payload);
      const half = Buffer.from(lost.payload)
        .subarray(0, Math.floor(whole / 2))
        .toString('latin1');
      const headers = Object.entries({ ...lost.headers, 'content-length': whole + 1 });
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const head = `HTTP/1.1 ${lost.status} ${STATUS_CODES[lost.status]}\r\n${lines}`;
      // What a client sent behind this request is not answered: it would fill up what is missing here.
      socket.end(`${head}\r\n${half}`, 'latin1', () => socket.destroy());
      return;
    }
    case 'hang':
      holdConnection(heldConnections, socket);
      return;
  }
}

function holdConnection(heldConnections: HeldConnections, connection: Socket | ServerResponse): void {
  heldConnections.add(connection);
  connection.once('close', () => heldConnections.delete(connection));
}
