// Loaded before a server: tells its parent, when asked, what it holds once its garbage is collected.
process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo().sort()) resources[name] = (resources[name] ?? 0) + 1;
  process.send?.({ held: heapUsed + external, rss, resources });
});
// The server is to end as if nobody listened.
process.channel?.unref();
