// A DELETE of very many rows, for each of the DELETEs that cascade, in each way; the short tests take one for each way.
process.env.LARGE_DELETIONS = '1';
await import(new URL('../core/deletions/large-deletions.test.js', import.meta.url).href);
