// The requests of one connection: they run one after another, and learn when their connection has closed.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's place among the requests of its connection; null before the first hook. */
    turn: Turn | null;
  }
}

/** A connection and its requests whose response is not sent yet, oldest first. */
interface Connection {
  closed: boolean;
  readonly turns: Turn[];
}

const connections = new WeakMap<object, Connection>();

function connectionOf(socket: IncomingMessage['socket']): Connection {
  const known = connections.get(socket);
  if (known !== undefined) return known;
  const connection: Connection = { closed: socket.destroyed === true, turns: [] };
  connections.set(socket, connection);
  // The one event that every request of a connection can rely on: only the first response in line emits `close`.
  socket.once('close', () => {
    connection.closed = true;
    for (const turn of connection.turns.splice(0)) turn.end(false);
  });
  return connection;
}

/** A request's place among the requests of its connection. */
export class Turn {
  readonly #connection: Connection;
  #start: (() => void) | null = null;
  #handled = false;
  #ends: ((sent: boolean) => void)[] = [];

  /** Takes the last place of the request's connection; sending the response gives it up. */
  constructor({ socket }: IncomingMessage, response: ServerResponse) {
    this.#connection = connectionOf(socket);
    this.#connection.turns.push(this);
    response.once('finish', () => this.#leave());
  }

  /** Whether the connection is closed, so that no response can be sent. */
  get closed(): boolean {
    return this.#connection.closed;
  }

  /** Calls `start` once the earlier requests are handled; never when the connection closes before that. */
  begin(start: () => void): void {
    if (this.closed) return;
    this.#start = start;
    this.#advance();
  }

  /** Lets the next request start: this one has taken effect, and its response is ready or open. */
  markHandled(): void {
    this.#handled = true;
    if (this.#connection.turns.length > 1) this.#advance();
  }

  /**
   * Calls `listener` once: with true when the response has been handed to the open connection, with false when the
   * connection closes before that.
   */
  onEnd(listener: (sent: boolean) => void): void {
    if (this.closed) listener(false);
    else this.#ends.push(listener);
  }

  /** Resolves when the responses to all earlier requests are sent, or the connection has closed. */
  async first(): Promise<void> {
    const { turns } = this.#connection;
    while (turns.length > 0 && turns[0] !== this)
      await new Promise<void>((resolve) => (turns[0] as Turn).onEnd(() => resolve()));
  }

  /** Called when the response is sent or the connection has closed. */
  end(sent: boolean): void {
    this.#handled = true;
    for (const listener of this.#ends.splice(0)) listener(sent);
  }

  #leave(): void {
    const { turns } = this.#connection;
    const at = turns.indexOf(this);
    // The connection closed first.
    if (at === -1) return;
    turns.splice(at, 1);
    this.end(true);
    if (turns.length > 0) this.#advance();
  }

  /** Starts the waiting requests up to the first one that is not handled yet. */
  #advance(): void {
    for (const turn of [...this.#connection.turns]) {
      const start = turn.#start;
      turn.#start = null;
      start?.();
      if (!turn.#handled) return;
    }
  }
}

/** The request's place; requests whose path cannot be decoded reach no hook and take it when they are answered. */
export function turnOf(request: FastifyRequest, reply: FastifyReply): Turn {
  request.turn ??= new Turn(request.raw, reply.raw);
  return request.turn;
}

/** Makes the requests of a connection run in the order they were sent, as if each were sent after the last response. */
export function keepConnectionOrder(app: FastifyInstance): void {
  app.decorateRequest('turn', null);
  app.addHook('onRequest', (request, reply, done) => {
    turnOf(request, reply).begin(done);
  });
}
