// Seeded ids: reproducible, and never the id of an existing row.
import t, { type Test } from 'tap';
import { type TestServer, testServer } from '../../harness.ts';

const headers = { authorization: 'Bearer k' };

/** Creates a page, whose id the sandbox generates. */
async function make(t: Test, { call }: TestServer, sandbox: string): Promise<string> {
  await call('GET', '/pagecall/v1/users', { headers: { ...headers, 'x-understudy-sandbox': sandbox } });
  const before = await ids({ call }, sandbox);
  const answer = await call('POST', '/pagecall/v1/rooms/677b9b9087846ea37e513a97/pages/create_many', {
    headers: { ...headers, 'x-understudy-sandbox': sandbox },
    json: [{ entities: [{ type: 'Image', src: 'https://cdn.example.com/1.png' }] }],
  });
  t.equal(answer.status, 200);
  const [made] = (await ids({ call }, sandbox)).filter((id) => !before.includes(id));
  return made as string;
}

async function ids({ call }: Pick<TestServer, 'call'>, sandbox: string): Promise<string[]> {
  const { body } = await call('GET', `/__admin/state?provider=pagecall&resource=pages&sandbox=${sandbox}`);
  return body.pagecall.pages.map(({ id }: { id: string }) => id);
}

t.test('restoring the id counter repeats the ids, except those of existing rows', async (t) => {
  const running = await testServer(t, { settings: { seed: 'one' } });
  const made = [await make(t, running, 'a'), await make(t, running, 'a')];
  await running.call('POST', '/__admin/reset?sandbox=a', { json: { scope: ['ids'] } });
  const third = await make(t, running, 'a');
  t.notOk(made.includes(third));
  t.strictSame(
    [await make(t, running, 'b'), await make(t, running, 'b'), await make(t, running, 'b')],
    [...made, third],
    'the next ids',
  );
  await running.call('POST', '/__admin/reset?sandbox=a');
  t.strictSame(
    [await make(t, running, 'a'), await make(t, running, 'a')],
    made,
    'the same ids once the rows are deleted',
  );
});

t.test('rows imported from another sandbox of the same seed cause no id conflicts', async (t) => {
  const running = await testServer(t, { settings: { seed: 'one' } });
  const made = [await make(t, running, 'a'), await make(t, running, 'a')];
  const { body } = await running.call('GET', '/__admin/state?sandbox=a');
  t.equal((await running.call('PUT', '/__admin/state?sandbox=b', { json: body })).status, 204);
  t.notOk(made.includes(await make(t, running, 'b')));
});
