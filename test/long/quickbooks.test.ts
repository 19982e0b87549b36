// What all QuickBooks resources and operations do in the same way, for every one of them; the short tests take a part.
process.env.QUICKBOOKS_PART = '1';
process.env.EVERY_CASE = '1';
for (const file of [
  '../providers/conductor/quickbooks/conformance.test.js',
  '../core/faults/fault-matrix.test.js',
  '../core/faults/prefer-header.test.js',
  '../control/errors.test.js',
])
  await import(new URL(file, import.meta.url).href);
