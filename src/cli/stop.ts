// Stops a server that a command has started.
import type { FastifyInstance } from 'fastify';

/** How long responses in flight get when the server is stopped, in ms. */
const GRACE = 250;

/** Stops a server: hung connections at once, responses in flight after at most a quarter of a second. */
export async function stop(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.cutConnections(), GRACE);
  await app.close();
  clearTimeout(cut);
}
