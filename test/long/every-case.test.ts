// Tests of which the short ones take a part of their cases, in full: both kinds of storage, every large deletion.
process.env.EVERY_CASE = '1';
for (const file of [
  '../clients/quickbooks-operations.test.js',
  '../control/large-sandboxes.test.js',
  '../control/large-writes.test.js',
  '../core/deletions/large-deletions.test.js',
  '../core/deletions/large-deletions-beside.test.js',
  '../core/faults/fault-matrix.test.js',
  '../core/sandbox/held.test.js',
  '../core/storage/disk.test.js',
  '../providers/conductor/quickbooks/corners.test.js',
  '../published/sampling.test.js',
  '../rules/samples.test.js',
])
  await import(new URL(file, import.meta.url).href);
