// A server process with short timeouts, which reports its memory to the parent process.
import { buildServer } from '../src/server.ts';

const app = buildServer({ requestTimeout: 5000, readTimeout: 2000 });
await app.listen({ port: 0, host: '127.0.0.1' });
process.on('message', (what) => {
  if (what === 'end') process.disconnect();
  else {
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    app.server.getConnections((_error, connections) => process.send?.({ held: heapUsed + external, rss, connections }));
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: `http://127.0.0.1:${(app.server.address() as { port: number }).port}` });
