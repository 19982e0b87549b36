// Required references and amounts that are sent as empty texts are refused like absent ones.
import t from 'tap';
import { conductor } from '../../../../src/providers/conductor/index.ts';
import { described, follow, MILLRACE, type Node, openBooks } from './company-file.ts';

/** A required reference, or a required decimal, of a body or of an object in it. */
interface Place {
  readonly name: string;
  put(body: Node, value: string | undefined): void;
}

/** The places below a value of a sample body. */
function places(schema: Node, value: Node, within = ''): Place[] {
  const { properties = {}, required = [], items } = follow(schema);
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((one) => places(items, one, `${within}.0`));
  return Object.entries(value).flatMap(([field, one]): Place[] => {
    const at = `${within}.${field}`.replace(/^\./, '');
    if (typeof one === 'object') return places(properties[field], one, at);
    if (!required.includes(field) || !/.Id$|[aA]mount$|^conversionRatio$/.test(field)) return [];
    const put = (body: Node, given: string | undefined) => {
      const path = at.split('.').slice(0, -1);
      const holder = path.reduce((node, key) => node[key], body);
      if (given === undefined) delete holder[field];
      else holder[field] = given;
    };
    return [{ name: at, put }];
  });
}

t.test('an empty text for a reference or an amount that is needed is refused as if it were absent', async (t) => {
  const books = await openBooks(t, MILLRACE);
  let tried = 0;
  for (const { operation, method, path } of conductor.operations) {
    const sample = conductor.samples.bodies[operation] as Node | undefined;
    if (method !== 'POST' || sample === undefined || !/^qbd\..*\.create$/.test(operation)) continue;
    const resource = path.replace('/quickbooks-desktop/', '');
    const schema = described(resource, 'post')?.requestBody.content['application/json'].schema;
    for (const { name, put } of places(schema, sample)) {
      const [emptied, absent] = [structuredClone(sample), structuredClone(sample)];
      put(emptied, '');
      put(absent, undefined);
      const { status, body } = await books.call('POST', resource, emptied);
      const { body: expected } = await books.call('POST', resource, absent);
      const { requestId, ...error } = body.error ?? {};
      const { requestId: _, ...missing } = expected.error;
      t.equal(status, 400, `${resource} ${name}`);
      t.strictSame(error, missing, `${resource} ${name}`);
      tried += 1;
    }
  }
  t.ok(tried > 40, `${tried} places`);
});
