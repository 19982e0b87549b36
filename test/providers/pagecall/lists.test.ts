// Pagecall lists: paging, sorting, filters and invalid parameters.
import t, { type Test } from 'tap';
import { testServer } from '../../harness.ts';

async function pagecall(t: Test, fixtures?: string) {
  const { call } = await testServer(t, fixtures === undefined ? {} : { fixtures });
  return (path: string) => call('GET', `/pagecall/v1${path}`, { headers: { authorization: 'Bearer anything' } });
}

const hex = (n: number) => n.toString(16).padStart(24, '0');
const time = (n: number) => new Date(Date.UTC(2025, 0, 1) + n * 1000).toISOString();

t.test('a list of more than a thousand users is paged, sorted and searched', async (t) => {
  // Pairs of users share a creation time, and the rows are unordered.
  const order = [...Array(1005).keys()].map((n) => (n * 401) % 1005);
  const users = order.map((n) => ({
    id: hex(n),
    user_id: `u${n}`,
    access_token: `${n}`.padStart(32, '0'),
    email: `${n}@Example.com`,
    created_at: time(n >> 1),
    updated_at: time(n),
  }));
  const ask = await pagecall(t, t.testdir({ pagecall: { 'users.json': JSON.stringify(users) } }));
  const ids = (answer: { body: { users: { user_id: string }[] } }) => answer.body.users.map((user) => user.user_id);
  const sorted = users.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).map((user) => user.user_id);

  const first = await ask('/users');
  t.strictSame(ids(first), sorted.slice(0, 30));
  t.strictSame(first.body.paging, { limit: 30, offset: 0, total: 1005 });
  const thousand = await ask('/users?limit=1000');
  t.strictSame(ids(thousand), sorted.slice(0, 1000));
  t.strictSame(thousand.body.paging, { limit: 1000, offset: 0, total: 1005 });
  const clamped = await ask('/users?limit=99999999999999999999&offset=3');
  t.equal(clamped.body.users.length, 1000);
  t.strictSame(clamped.body.paging, { limit: 1000, offset: 3, total: 1005 });
  t.strictSame((await ask('/users?offset=1005')).body, { users: [], paging: { limit: 30, offset: 1005, total: 1005 } });
  t.strictSame(ids(await ask('/users?offset=99999999999999999999')), []);

  const walked: string[] = [];
  for (let offset = 0, total = 1; offset < total; offset += 30) {
    const answer = await ask(`/users?offset=${offset}&limit=30`);
    walked.push(...ids(answer));
    total = answer.body.paging.total;
  }
  t.strictSame(walked, sorted, 'paging in steps of 30 returns every user once');

  for (const sort of ['%2Bcreated_at', '+created_at', '%20created_at', 'created_at']) {
    t.strictSame(ids(await ask(`/users?limit=1000&sort_by=${sort}`)), sorted.slice(0, 1000), sort);
  }
  t.strictSame(
    ids(await ask('/users?limit=1000&sort_by=-created_at')),
    sorted.toReversed().slice(0, 1000),
    'ties are reversed too',
  );

  t.strictSame((await ask('/users?email_search_query=00@EXAMPLE')).body.paging.total, 10);
  t.strictSame((await ask('/users?email_search_query=')).body.paging.total, 1005, 'an empty search does not filter');
  t.strictSame(
    (await ask('/users?email_search_query=%25')).body,
    { users: [], paging: { limit: 30, offset: 0, total: 0 } },
    'a percent sign is not a wildcard',
  );
});

t.test('rooms can be filtered by name, layout and is_terminated', async (t) => {
  const ask = await pagecall(t);
  const names = async (query: string) =>
    (await ask(`/rooms?${query}`)).body.rooms.map((room: { name: string }) => room.name);
  const all = [
    'Sample Room',
    'Friday conversation café',
    'French B1, Tuesday group',
    'Korean-English tandem',
    'Pronunciation workshop',
  ];
  t.strictSame(await names(''), all);
  t.strictSame(await names('sort_by=-created_at'), all.toReversed());
  t.strictSame(await names('name=Sample+Room'), ['Sample Room']);
  t.strictSame(await names('name=sample+room'), [], 'case matters');
  t.strictSame(await names('name=Sample'), [], 'the whole name must match');
  t.strictSame(await names('layout=SixAll'), ['Sample Room']);
  t.strictSame(await names('is_terminated=true'), ['Pronunciation workshop']);
  t.strictSame(await names('is_terminated=false'), all.slice(0, 4));
  t.strictSame(await names('is_terminated=true&layout=SixAll'), []);
  t.strictSame((await ask('/rooms?limit=2&offset=1&is_terminated=false')).body.paging, {
    limit: 2,
    offset: 1,
    total: 4,
  });
  t.strictSame(await names('limit=2&offset=1'), all.slice(1, 3));
  t.strictSame((await ask('/rooms?limit=5000')).body.paging.limit, 1000);
  t.strictSame(await names('color=red'), all, 'unknown query parameters are ignored');
});

t.test('sessions can be filtered by user and by is_connecting', async (t) => {
  const ask = await pagecall(t);
  const room = '/rooms/674d8520d61d4565c07509e5/sessions';
  const users = async (query: string) =>
    (await ask(`${room}?${query}`)).body.sessions.map((one: { user_id?: string }) => one.user_id ?? null);
  const all = ['teacher-ines', 'user-42', 'user-17', null];
  t.strictSame(await users(''), all);
  t.strictSame(await users('is_connecting=false'), all);
  t.strictSame(await users('is_connecting=true'), []);
  t.strictSame(await users('user_id=user-42'), ['user-42']);
  t.strictSame(await users('user_id=nobody'), []);
  for (const sort of ['connected_at', '%2Bconnected_at', '+created_at'])
    t.strictSame(await users(`sort_by=${sort}`), all);
  for (const sort of ['-connected_at', '-created_at']) t.strictSame(await users(`sort_by=${sort}`), all.toReversed());
  t.strictSame((await ask(`${room}?limit=1&offset=3`)).body.paging, { limit: 1, offset: 3, total: 4 });
  const [anonymous] = (await ask(`${room}?offset=3`)).body.sessions;
  t.strictSame(anonymous, {
    id: '675c6a684dc26c880e5e9f84',
    member_id: '675c6a68c0d4872d29e49a1d',
    connected_at: '2024-12-13T17:10:00.310Z',
    disconnected_at: '2024-12-13T17:25:00.889Z',
    room_id: '674d8520d61d4565c07509e5',
    application_id: '000000000000000000000a01',
    organization_id: '000000000000000000000b01',
  });
});

t.test('members are listed in order, including blocked ones', async (t) => {
  const ask = await pagecall(t);
  const list = '/rooms/677b9b9087846ea37e513a97/members';
  const users = async (query: string) =>
    (await ask(`${list}?${query}`)).body.members.map((one: { user_id: string }) => one.user_id);
  const all = ['user-23', 'teacher-ines', 'user-42', 'supervisor-3'];
  t.strictSame(await users(''), all);
  t.strictSame(await users('sort_by=-created_at&limit=3'), all.toReversed().slice(0, 3));
  t.strictSame((await ask(`${list}?limit=2&offset=9`)).body, {
    members: [],
    paging: { limit: 2, offset: 9, total: 4 },
  });
});

t.test('pages are sorted by index and can be filtered by entity type', async (t) => {
  const ask = await pagecall(t);
  const list = '/rooms/674d8520d61d4565c07509e5/pages';
  const sizes = (answer: { body: { pages: { entities: unknown[]; index: number }[] } }) =>
    answer.body.pages.map((page) => [page.index, page.entities.length]);
  t.strictSame(sizes(await ask(list)), [
    [0, 2],
    [1, 0],
  ]);
  t.strictSame(sizes(await ask(`${list}?entity_type=Image`)), [[0, 2]]);
  t.strictSame((await ask(`${list}?entity_type=Text`)).body, { pages: [] });
});

t.test('invalid query values get 400', async (t) => {
  const ask = await pagecall(t);
  const room = '/rooms/674d8520d61d4565c07509e5';
  for (const list of ['/users', '/rooms', `${room}/members`, `${room}/sessions`]) {
    for (const [query, message] of [
      ['limit=0', 'limit: must be an integer of at least 1.'],
      ['offset=-1', 'offset: must be an integer of at least 0.'],
      ['limit=abc', 'limit: must be an integer of at least 1.'],
      ['limit=', 'limit: must be an integer of at least 1.'],
      ['limit=1.5', 'limit: must be an integer of at least 1.'],
      ['limit=1e2', 'limit: must be an integer of at least 1.'],
      ['offset=0x1', 'offset: must be an integer of at least 0.'],
      ['limit=1&limit=2', 'limit: must be an integer of at least 1.'],
      ['sort_by=name', 'sort_by: is not a field this list can be sorted by.'],
      ['sort_by=', 'sort_by: is not a field this list can be sorted by.'],
      ['sort_by=--created_at', 'sort_by: is not a field this list can be sorted by.'],
      ['limit=0&offset=-1', 'limit: must be an integer of at least 1.'],
      ['limit=0&offset=-1', 'offset: must be an integer of at least 0.'],
    ] as const) {
      const { status, body } = await ask(`${list}?${query}`);
      t.equal(status, 400);
      t.ok(body.message.includes(message), `${list}?${query}`);
    }
  }
  for (const path of [
    '/rooms?is_terminated=1',
    '/rooms?is_terminated=',
    '/rooms?is_terminated=TRUE',
    `${room}/sessions?is_connecting=yes`,
  ]) {
    const { status, body } = await ask(path);
    t.equal(status, 400);
    t.match(body, { message: /^is_\w+: must be a boolean, not string\.$/ });
  }
  t.strictSame((await ask('/users?sort_by=connected_at')).status, 400, 'only sessions can be sorted by connected_at');
  t.strictSame((await ask('/users?email_search_query=a&email_search_query=b')).body, {
    message: 'email_search_query: must be a string, not array.',
  });
});
