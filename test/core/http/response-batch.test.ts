// Response batches: responses sent together stay separate, and one that fails does not affect the others.
import t, { type Test } from 'tap';
import { buildServer } from '../../../src/server.ts';
import { sendRaw } from '../../raw-socket.ts';

/** More requests than are sent unbatched, and more than fit into one batch. */
const MANY = 150;

/** A server where a header sets how often writing the response fails. */
async function unreliable(t: Test): Promise<string> {
  const app = buildServer();
  t.teardown(() => app.close());
  app.addHook('onRequest', (request, { raw }, done) => {
    let left = Number(request.headers['x-unsendable'] ?? 0);
    const write = raw.writeHead.bind(raw) as (...given: unknown[]) => typeof raw;
    raw.writeHead = (...given: unknown[]) => {
      if (left-- > 0) throw new Error('this cannot be written');
      return write(...given);
    };
    done();
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

function text(method: string, path: string, more = ''): string {
  return `${method} /pagecall/v1${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\n${more}\r\n`;
}

function made(id: string): string {
  const body = JSON.stringify({ user_id: id });
  return `${text('POST', '/users', `content-type: application/json\r\ncontent-length: ${body.length}\r\n`)}${body}`;
}

function bodies(answers: string): any[] {
  return answers.split(/HTTP\/1\.1 \d+ .*?\r\n\r\n/s).flatMap((body) => (body === '' ? [] : [JSON.parse(body)]));
}

t.test('pipelined requests get their responses in order', async (t) => {
  const url = await unreliable(t);
  const ids = Array.from({ length: MANY }, (_, n) => `together-${n}`);
  const answers = await sendRaw(
    new URL(url).port,
    ids.map(made).join('') + text('GET', '/users/nobody', 'connection: close\r\n'),
  );
  const users = bodies(answers);
  t.equal(users.length, MANY + 1);
  t.strictSame(
    users.slice(0, -1).map(({ user }) => user.user_id),
    ids,
  );
});

t.test(
  'a response that cannot be written becomes the provider’s internal error, and the others are sent',
  async (t) => {
    const url = await unreliable(t);
    const good = text('GET', '/users/user-42');
    const bad = text('GET', '/users/user-42', 'x-unsendable: 1\r\n');
    const last = text('GET', '/users/user-42', 'connection: close\r\n');
    const answers = await sendRaw(new URL(url).port, good.repeat(MANY) + bad + good.repeat(MANY) + last);
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
    t.strictSame(statuses, [...Array(MANY).fill('200'), '500', ...Array(MANY + 1).fill('200')]);
  },
);

t.test('when the error cannot be written either, only that connection is closed', async (t) => {
  const url = await unreliable(t);
  const last = text('GET', '/users/user-42', 'connection: close\r\n');
  const [lost, ...others] = await Promise.all([
    sendRaw(new URL(url).port, text('GET', '/users/user-42', 'x-unsendable: 9\r\n')),
    ...Array.from({ length: 8 }, () => sendRaw(new URL(url).port, last)),
  ]);
  t.equal(lost, '');
  for (const other of others) t.match(other, /^HTTP\/1\.1 200 OK\r\n/);
});
