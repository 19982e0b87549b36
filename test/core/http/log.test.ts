// The log: each request at level info, only errors at warn.
import pino from 'pino';
import t, { type Test } from 'tap';
import { listening, testServer } from '../../harness.ts';
import { sendRaw } from '../../raw-socket.ts';

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

const SECRETS = ['sk_live_secret', 'pk_live_secret', 'admin_secret', 'cookie_secret'];

t.test('no level logs a key or a token', async (t) => {
  for (const level of ['fatal', 'error', 'warn', 'info', 'debug', 'trace']) {
    const lines: string[] = [];
    const { app, url } = await listening(t, {
      adminToken: 'admin_secret',
      logger: pino({ level }, { write: (line) => lines.push(line) }),
    });
    const [sk, pk, admin, cookie] = SECRETS;
    const headers = {
      authorization: `Bearer ${sk}`,
      cookie: `understudy=${cookie}`,
      referer: `${url}/conductor/connect?key=${pk}`,
      'x-proficient-api-key': pk as string,
    };
    for (const path of [
      `/__admin/ui?token=${admin}`,
      `/__admin/ui?sandbox=a&%74oken=${admin}&x`,
      `/conductor/connect?key=${pk}`,
      `/nowhere?KEY=${pk}`,
      `/__admin/nowhere?token=${admin}`,
      `/pagecall/v1/users?key=${pk}`,
    ])
      await (await fetch(url + path, { headers, redirect: 'manual' })).text();
    await sendRaw(
      new URL(url).port,
      `GET /x?token=${admin} HTTP/1.1\r\nAuthorization: Bearer ${sk}\r\nBad Header\r\n\r\n`,
    );
    const failing = Object.assign(new Error(`GET /a?key=${pk}&b=1`), { rawPacket: `Bearer ${sk}`, code: 'E_TEST' });
    app.log.error({ err: failing }, 'failed');
    app.log.error({ err: Object.assign(new Error('x'), { stack: undefined }) }, 'failed');
    t.equal(lines.length > 0, level !== 'fatal', level);
    for (const secret of SECRETS) t.notOk(lines.join('').includes(secret), `${level}: ${secret}`);
    if (level === 'error') {
      const [first, second] = lines.map((line) => JSON.parse(line)).slice(-2);
      t.match(first.err, { type: 'Error', message: 'GET /a?key=[redacted]&b=1', stack: /log\.test/, code: 'E_TEST' });
      t.strictSame(second.err, { type: 'Error', message: 'x', stack: '' });
    }
  }
});

t.test('debug and trace log requests too', async (t) => {
  for (const level of ['debug', 'trace'])
    t.match(
      (await linesOf(level, t)).map(({ msg }) => msg),
      ['incoming request'],
    );
});
