// A sandbox for a test file: made when the file begins, gone when it has ended.
import { hostname } from 'node:os';
import { after, before } from 'node:test';

const { UNDERSTUDY_URL, UNDERSTUDY_ADMIN_TOKEN, RUN } = process.env;

// Jobs that run at the same time share one Understudy: the run, or else the container, tells their sandboxes apart.
const run = (RUN || hostname()).replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40);

/** A sandbox named after this run and `file`. `keys` lead into it: code that sends them needs no header of ours. */
export function sandboxFor(file) {
  const name = `${run}-${file}`;
  const sandbox = { keys: {}, ask: (method, path, body) => ask(name, method, path, body) };
  before(async () => {
    // Long enough for any run, so that an aborted one leaves nothing behind.
    const { providers } = await sandbox.ask('POST', '/sandboxes', { name, ttlSeconds: 600 });
    sandbox.keys = {
      proficient: providers.proficient.secretKey,
      pagecall: providers.pagecall.apiKey,
      conductor: providers.conductor.secretKey,
    };
  });
  after(() => sandbox.ask('DELETE', `/sandboxes/${name}`));
  return sandbox;
}

async function ask(sandbox, method, path, body) {
  const answer = await fetch(`${UNDERSTUDY_URL}/__admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${UNDERSTUDY_ADMIN_TOKEN}`,
      'x-understudy-sandbox': sandbox,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
