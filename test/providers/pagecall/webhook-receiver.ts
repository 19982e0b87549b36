// A webhook receiver that records requests and responds with the given statuses.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

interface Hit {
  headers: IncomingHttpHeaders;
  body: { action: string; payload: Record<string, unknown> };
}

/** Starts a webhook receiver that responds with the given statuses in turn, repeating the last; 0 never responds. */
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
    /** Resolves with the first `count` requests once they have arrived. */
    async until(count: number): Promise<Hit[]> {
      while (hits.length < count)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      return hits;
    },
  };
}
