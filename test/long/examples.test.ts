// The exploration of the example: every failure of every call of two deletions, which takes its time.
await import('../../examples/account-deletion/explore.test.ts');
