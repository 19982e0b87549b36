// Serialization of responses: with zod at first, then with a serializer compiled from the operation's schema.
import t from 'tap';
import { z } from 'zod';
import { compileSerializer, responseSerializer } from '../../../src/core/http/serializer.ts';

const Person = z.object({ id: z.string(), nick: z.string().optional(), age: z.number().nullable() });

t.test('both serializers write the same text, with fields in schema order', async (t) => {
  const compiled = await compileSerializer(Person);
  for (const [person, text] of [
    [{ age: 7, nick: 'Al', id: 'a', secret: 1 }, '{"id":"a","nick":"Al","age":7}'],
    [{ age: null, id: 'b' }, '{"id":"b","age":null}'],
  ] as const) {
    t.equal(responseSerializer(Person)(person), text);
    t.equal(compiled(person), text);
  }
});

t.test('a frequently used operation gets a compiled serializer, which does not validate', async (t) => {
  const write = responseSerializer(Person);
  for (let n = 0; n < 2000; n++) write({ id: String(n), age: n });
  t.throws(() => write({ id: 1, age: null }), { name: 'ZodError' });
  // It is compiled once the compiler is loaded.
  await import('fast-json-stringify');
  let text = '';
  while (text === '') {
    await new Promise(setImmediate);
    try {
      text = write({ id: 1, age: null });
    } catch (error) {
      t.equal((error as Error).name, 'ZodError');
    }
  }
  t.equal(text, '{"id":"1","age":null}');
});
