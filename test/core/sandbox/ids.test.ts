// Ids of a sandbox with a seed: the same every time, and never one that a row has already.
import t, { type Test } from 'tap';
import { type TestServer, testServer } from '../../harness.ts';

const headers = { authorization: 'Bearer k' };

/** Makes a page, whose id is one the sandbox gave. */
async function make(t: Test, { call }: TestServer, sandbox: string): Promise<string> {
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

t.test('a count that is put back gives the same ids again, but those that rows have', async (t) => {
  const running = await testServer(t, { settings: { seed: 'one' } });
  const made = [await make(t, running, 'a'), await make(t, running, 'a')];
  await running.call('POST', '/__admin/reset?sandbox=a', { json: { scope: ['ids'] } });
  const third = await make(t, running, 'a');
  t.notOk(made.includes(third));
  t.strictSame(
    [await make(t, running, 'b'), await make(t, running, 'b'), await make(t, running, 'b')],
    [...made, third],
    'they are the ones that come next',
  );
  await running.call('POST', '/__admin/reset?sandbox=a');
  t.strictSame([await make(t, running, 'a'), await make(t, running, 'a')], made, 'and the same once the rows are gone');
});

t.test('rows brought in from another sandbox of the same seed are in nobody’s way', async (t) => {
  const running = await testServer(t, { settings: { seed: 'one' } });
  const made = [await make(t, running, 'a'), await make(t, running, 'a')];
  const { body } = await running.call('GET', '/__admin/state?sandbox=a');
  t.equal((await running.call('PUT', '/__admin/state?sandbox=b', { json: body })).status, 204);
  t.notOk(made.includes(await make(t, running, 'b')));
});
