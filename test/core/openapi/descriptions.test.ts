// A provider's notes on operations are added to the descriptions in its document.
import t from 'tap';
import { withDescriptions } from '../../../src/core/openapi/descriptions.ts';
import type { Contract } from '../../../src/core/provider/contract.ts';
import { conductor } from '../../../src/providers/conductor/index.ts';

const contract = (): Contract => ({
  openapi: '3.1.0',
  info: { title: 'A provider', version: '1', description: 'About it.' },
  servers: [{ url: '/' }],
  paths: { '/users': { get: { operationId: 'users', description: 'Lists them.', responses: {} } } },
  components: { schemas: {} },
});

t.test('a note is appended to the description; an operation without a note keeps its description', async (t) => {
  const described = (notes: Record<string, string>) => {
    const document = contract();
    withDescriptions(document, contract(), { ...conductor, notes });
    return document.paths['/users']?.get?.description;
  };
  t.equal(described({ users: 'Not in pages here.' }), 'Lists them. Not in pages here.');
  t.equal(described({ other: 'Not in pages here.' }), 'Lists them.');
});
