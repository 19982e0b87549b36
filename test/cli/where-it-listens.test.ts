// Commands ask where the server listens when they are given the variables that it was started with.
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { stop } from '../../src/cli/command.ts';
import { typed } from './shell.ts';

for (const host of ['127.0.0.2', '::1', '0.0.0.0', '::', 'localhost'])
  for (const hasAdminPort of [false, true])
    t.test(`a server on ${host}${hasAdminPort ? ' with an admin port' : ''} is found`, async (t) => {
      const common = { UNDERSTUDY_HOST: host, UNDERSTUDY_ADMIN_TOKEN: 'secret', UNDERSTUDY_LOG_LEVEL: 'silent' };
      const first = { ...common, UNDERSTUDY_PORT: '0', ...(hasAdminPort ? { UNDERSTUDY_ADMIN_PORT: '0' } : {}) };
      const started = await typed(['start'], { env: first });
      if (started.code === 2 && host.includes(':')) return t.comment(`no IPv6 here: ${started.err}`);
      const app = started.code as FastifyInstance;
      t.teardown(() => stop(app));
      const [port = '', adminPort = port] = portsIn(started.out, app);
      const env = { ...common, UNDERSTUDY_PORT: port, ...(hasAdminPort ? { UNDERSTUDY_ADMIN_PORT: adminPort } : {}) };
      t.strictSame(await typed(['wait', '--timeout', '0'], { env }), { code: 0, out: '', err: '' });
      const { code, out } = await typed(['env', '--json'], { env });
      t.equal(code, 0);
      const { UNDERSTUDY_URL, PAGECALL_BASE_URL } = JSON.parse(out);
      t.equal((await fetch(`${UNDERSTUDY_URL}/__admin/health`)).status, 200);
      t.equal(new URL(UNDERSTUDY_URL).port, adminPort);
      t.equal(new URL(PAGECALL_BASE_URL).port, port);
    });

t.test('another address than this machine is asked by its name', async (t) => {
  const env = { UNDERSTUDY_HOST: '192.0.2.2', UNDERSTUDY_PORT: '4010' };
  const { out } = await typed(['env', '--offline', '--json'], { env });
  t.equal(JSON.parse(out).UNDERSTUDY_URL, 'http://192.0.2.2:4010');
  const six = await typed(['env', '--offline', '--json', '--host', '2001:db8::1'], { env });
  t.equal(JSON.parse(six.out).UNDERSTUDY_URL, 'http://[2001:db8::1]:4010');
  const url = await typed(['env', '--offline', '--json', '--host', '::1'], {
    env: { ...env, UNDERSTUDY_URL: 'http://a' },
  });
  t.equal(JSON.parse(url.out).UNDERSTUDY_URL, 'http://[::1]:4010', 'a flag wins over the variable of another setting');
});

/** The providers' port, and the one of the control plane where that is another. */
function portsIn(banner: string, app: FastifyInstance): string[] {
  const own = String((app.server.address() as { port: number }).port);
  const others = [...banner.matchAll(/:(\d{4,5})\b/g)].map(([, port]) => port as string).filter((port) => port !== own);
  return [own, ...others.slice(0, 1)];
}
