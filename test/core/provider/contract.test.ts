// Additions to a contract: overlays that are merged into it.
import t from 'tap';
import { foldAdditions } from '../../../src/core/provider/contract.ts';

t.test(
  'objects are merged, lists appended, other values replaced, and the root’s responses apply to unmatched requests',
  async (t) => {
    const folded = foldAdditions({
      openapi: '3.1.0',
      paths: {
        '/a': {
          get: {
            operationId: 'x',
            tags: ['a'],
            responses: { 200: { description: 'ok' } },
            'x-understudy-additions': { operationId: 'y', tags: ['b'], responses: { 500: { description: 'no' } } },
          },
        },
      },
      'x-understudy-additions': { responses: { 404: { description: 'lost' } } },
    });
    t.same(folded, {
      openapi: '3.1.0',
      paths: {
        '/a': {
          get: {
            operationId: 'y',
            tags: ['a', 'b'],
            responses: { 200: { description: 'ok' }, 500: { description: 'no' } },
          },
        },
      },
      'x-understudy-unmatched': { 404: { description: 'lost' } },
    });
  },
);
