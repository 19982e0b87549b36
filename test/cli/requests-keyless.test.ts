// `understudy requests` shows which calls carried no key: they may have been served all the same.
import t from 'tap';
import { listening } from '../harness.ts';
import { typed, typing } from './shell.ts';

t.test('a call without a key is marked in the table and in what is followed, and no other is', async (t) => {
  const { url, call } = await listening(t);
  let opened = () => {};
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const following = typed(['requests', '--follow', '--limit', '2', '--url', url], {
    columns: 200,
    onErr: () => opened(),
  });
  await open;
  await call('GET', '/proficient/agents');
  await call('GET', '/proficient/agents', { headers: { authorization: 'Bearer sk_a' } });
  const [keyless, keyed] = (await following).out.trimEnd().split('\n');
  t.match(keyless, /agents_list +\d+\.\d ms +no key$/);
  t.match(keyed, /agents_list +\d+\.\d ms$/);
  const { out } = await typing(url)('requests');
  const [head, second, first] = out.split('\n');
  t.match(head, / FAULT +KEY +REQUEST /);
  t.match(first, / agents_list +\d+\.\d +none +\w{16} /);
  t.match(second, / agents_list +\d+\.\d +\w{16} /);
});
