// Loaded before a server: reports its memory after garbage collection to the parent process on request.
process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo().sort()) resources[name] = (resources[name] ?? 0) + 1;
  process.send?.({ held: heapUsed + external, rss, resources });
});
// The listener must not keep the server alive.
process.channel?.unref();
