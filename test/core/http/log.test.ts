// The log: each request at level info, only errors at warn.
import pino from 'pino';
import t, { type Test } from 'tap';
import { testServer } from '../../harness.ts';

async function linesOf(level: string, test: Test): Promise<Record<string, any>[]> {
  const lines: string[] = [];
  const { call } = await testServer(test, { logger: pino({ level }, { write: (line) => lines.push(line) }) });
  for (const id of ['user-42', 'nobody'])
    await call('DELETE', `/pagecall/v1/users/${id}`, { headers: { authorization: 'Bearer k' } });
  return lines.map((line) => JSON.parse(line));
}

t.test('at level info each request and each response is logged', async (t) => {
  const lines = await linesOf('info', t);
  t.match(lines, [
    { msg: 'incoming request', reqId: 'req-1', req: { method: 'DELETE', url: '/pagecall/v1/users/user-42' } },
    { msg: 'request completed', reqId: 'req-1', res: { statusCode: 200 }, responseTime: Number },
    { msg: 'incoming request', reqId: 'req-2', req: { method: 'DELETE', url: '/pagecall/v1/users/nobody' } },
    { msg: 'request completed', reqId: 'req-2', res: { statusCode: 400 }, responseTime: Number },
  ]);
  t.equal(lines.length, 4);
});

t.test('at level warn no request is logged, not even a rejected one', async (t) => {
  t.strictSame(await linesOf('warn', t), []);
});
