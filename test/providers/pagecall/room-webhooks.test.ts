// Pagecall room webhooks: events of sessions that join and leave.
import t from 'tap';
import { at, pagecall } from './moving-clock.ts';
import { receiver } from './webhook-receiver.ts';

t.test('every join and leave sends an event with the counts after it', async (t) => {
  const { clock, ask, make, join, leave } = await pagecall(t);
  const { url, until } = await receiver(t);
  const id = await make({
    webhook: { url, headers: { 'X-Key': 'secret', 'Content-Type': 'text/plain', HOST: 'evil', 'content-length': '3' } },
  });
  const alice = await join(id, 'user-42');
  clock.seconds = 1;
  const tab = await join(id, 'user-42');
  clock.seconds = 2;
  const monitor = await join(id, 'supervisor-3');
  clock.seconds = 3;
  const stranger = await join(id);
  clock.seconds = 4;
  await leave(id, tab);
  clock.seconds = 5;
  await ask('PUT', `/rooms/${id}`, { is_terminated: true });

  const hits = await until(8);
  const told = (
    action: string,
    session: { id: string; member_id: string },
    sessionsCount: number,
    membersCount: number,
    seconds: number,
    userId?: string,
  ) => ({
    action,
    payload: {
      roomId: id,
      ...(userId ? { userId } : {}),
      memberId: session.member_id,
      sessionId: session.id,
      sessionsCount,
      membersCount,
      timestamp: at(seconds),
    },
  });
  t.strictSame(
    hits.map(({ body }) => body),
    [
      told('sessionJoined', alice, 1, 1, 0, 'user-42'),
      told('sessionJoined', tab, 2, 1, 1, 'user-42'),
      told('sessionJoined', monitor, 3, 2, 2, 'supervisor-3'),
      told('sessionJoined', stranger, 4, 3, 3),
      told('sessionLeft', tab, 3, 3, 4, 'user-42'),
      told('sessionLeft', alice, 2, 2, 5, 'user-42'),
      told('sessionLeft', monitor, 1, 1, 5, 'supervisor-3'),
      told('sessionLeft', stranger, 0, 0, 5),
    ],
    'in order; sessions that leave together have separate events',
  );
  t.match(hits[0]?.headers, { 'x-key': 'secret', 'content-type': 'application/json', host: new URL(url).host });
});

t.test('blocking a member and deleting a user or room close sessions and send events', async (t) => {
  const { ask, make, room, join } = await pagecall(t);
  const { url, until } = await receiver(t);
  const id = await make({ type: 'private', webhook: { url }, user_ids: ['user-42', 'user-17', 'user-23'] });
  const other = await make({ webhook: { url } });
  const [alice, tomas, hanne] = [await join(id, 'user-42'), await join(id, 'user-17'), await join(id, 'user-23')];
  await until(3);
  const away = await join(other, 'user-42');
  await until(4);
  await ask('PUT', `/rooms/${id}/members/user-23`, { is_blocked: true });
  await until(5);
  t.equal((await ask('DELETE', '/users/user-42')).status, 200);
  const hits = await until(7);
  t.strictSame(
    new Set(
      hits
        .slice(4)
        .map(({ body: { action, payload } }) =>
          [action, payload.userId, payload.sessionId, payload.sessionsCount, payload.membersCount].join(),
        ),
    ),
    new Set([
      `sessionLeft,user-23,${hanne.id},2,2`,
      `sessionLeft,user-42,${alice.id},1,1`,
      `sessionLeft,user-42,${away.id},0,0`,
    ]),
    'the leave event has the deleted user’s id',
  );
  t.equal((await room(id)).started_at, at(0));
  await ask('DELETE', `/rooms/${id}`);
  t.match(
    (await until(8))[7]?.body,
    { action: 'sessionLeft', payload: { userId: 'user-17', sessionId: tomas.id, sessionsCount: 0 } },
    'a deleted room still sends its leave events',
  );
});
