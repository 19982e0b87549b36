// A receiver of webhooks that keeps what it is sent and answers as the test says.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

interface Hit {
  headers: IncomingHttpHeaders;
  body: { action: string; payload: Record<string, unknown> };
}

/** A receiver of webhooks that answers with the given statuses in turn, the last one for ever; 0 hangs. */
export async function receiver(t: Test, statuses: number[] = [200]) {
  const hits: Hit[] = [];
  let arrived = () => {};
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    hits.push({ headers: request.headers, body: JSON.parse(text) });
    const status = statuses.length > 1 ? (statuses.shift() as number) : (statuses[0] as number);
    if (status !== 0) response.writeHead(status, { location: '/elsewhere' }).end('thanks');
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    hits,
    /** The first so many hits, once they are there. */
    async until(count: number): Promise<Hit[]> {
      while (hits.length < count)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      return hits;
    },
  };
}
