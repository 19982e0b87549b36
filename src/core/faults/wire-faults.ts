// Wire faults: break the connection so that the client receives no response, or an incomplete one.
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { endConnection } from './closing-connection.ts';
import type { WireFault } from './fault-plan.ts';

/** The TCP socket of each TLS socket; only the TCP socket can send a reset. */
const tcpSockets = new WeakMap<Socket, Socket>();

/** Registers the TCP socket of a TLS socket. */
export function setTcpSocket(encrypted: Socket, tcp: Socket): void {
  tcpSockets.set(encrypted, tcp);
}

/** Connections held open by a fault until the client disconnects or the server closes. */
export type HeldConnections = Set<{ destroy(): unknown }>;

/** The response that is lost; a placeholder when the operation has not run. */
export interface LostResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/**
 * Hijacks the reply and breaks its connection: `reset` sends a TCP RST, `empty` closes without a response, `malformed`
 * sends bytes that are not HTTP, `truncated` stops inside the body with a larger content-length, `hang` holds the
 * connection until the client disconnects. An injected request has no connection: `hang` hangs, all others fail.
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
      // After end(), which Node calls when a client half-closes, Node can no longer reset the socket, and resetAndDestroy() would never close it.
      if (socket.writableEnded) socket.destroy();
      else (tcpSockets.get(socket) ?? socket).resetAndDestroy();
      return;
    case 'empty':
      socket.destroy();
      return;
    case 'malformed':
      endConnection(socket, 'this is not HTTP\r\n\r\n');
      return;
    case 'truncated': {
      const whole = Buffer.byteLength(lost.payload);
      const half = Buffer.from(lost.payload)
        .subarray(0, Math.floor(whole / 2))
        .toString('latin1');
      const headers = Object.entries({ ...lost.headers, 'content-length': whole + 1 });
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const head = `HTTP/1.1 ${lost.status} ${STATUS_CODES[lost.status]}\r\n${lines}`;
      // Pipelined requests are not answered: their responses would complete the truncated body.
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
