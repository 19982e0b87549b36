// The conformance tests of QuickBooks with every field and filter; the short tests take a part of them.
process.env.CONFORMANCE_PART = '1';
await import('../providers/conductor/quickbooks/conformance.test.ts');
