// An overlay on a document: what its actions do, and that what does not fit is refused.
import t from 'tap';
import { withOverlay } from '../../../src/core/openapi/overlay.ts';

const document = () => ({
  openapi: '3.1.0',
  paths: {
    '/a': { get: { tags: ['a'], responses: { 200: { description: 'ok' } } } },
    '/b': { get: { responses: { 200: { description: 'ok' } } }, put: { responses: {}, required: ['users'] } },
  },
});

t.test(
  'objects merge, lists grow, plain values are replaced or taken away, and each is listed with its reason',
  (t) => {
    const reply = { 500: { description: 'no' } };
    const why = 'It contradicts itself.';
    const { paths, ...rest } = withOverlay(document(), {
      actions: [
        { target: '$.paths[*][*].responses', description: 'Declared in prose.', update: reply },
        { target: "$.paths['/a','/b'].get", description: 'For readers.', update: { tags: ['b'] } },
        { target: "$.paths['/b'].put.required", description: why, remove: true },
        { target: "$.paths['/b'].put", description: why, update: { required: ['user'] } },
        { target: '$', description: 'Nowhere to put it.', update: { 'x-understudy-unmatched': { 404: {} } } },
      ],
    });
    t.strictSame(paths, {
      '/a': { get: { tags: ['a', 'b'], responses: { 200: { description: 'ok' }, ...reply } } },
      '/b': {
        get: { responses: { 200: { description: 'ok' }, ...reply }, tags: ['b'] },
        put: { responses: reply, required: ['user'] },
      },
    });
    t.strictSame(rest, {
      openapi: '3.1.0',
      'x-understudy-unmatched': { 404: {} },
      'x-understudy-additions': [
        { where: '$.paths[*][*].responses', what: reply, why: 'Declared in prose.' },
        { where: "$.paths['/a','/b'].get", what: { tags: ['b'] }, why: 'For readers.' },
        { where: '$', what: { 'x-understudy-unmatched': { 404: {} } }, why: 'Nowhere to put it.' },
      ],
      'x-understudy-deviations': [
        { where: "$.paths['/b'].put.required", published: ['users'], ours: { required: ['user'] }, why },
      ],
    });
    t.end();
  },
);

t.test('a target that is not in the document, or cannot be read, is refused', (t) => {
  const at = (target: string) => () =>
    withOverlay(document(), { actions: [{ target, description: '', remove: true }] });
  t.throws(at("$.paths['/c']"), { message: "The overlay's target $.paths['/c'] is not in the document" });
  t.throws(at('$.paths[?(@.get)]'), { message: "The overlay's target $.paths[?(@.get)] cannot be read" });
  t.end();
});
