// A sandbox for a test file: created when the file begins, deleted when it ends.
import { hostname } from 'node:os';
import { after, before } from 'node:test';

const { UNDERSTUDY_URL, UNDERSTUDY_ADMIN_TOKEN, RUN } = process.env;

// Concurrent jobs share one Understudy: the run, or else the container, tells their sandboxes apart.
const run = (RUN || hostname()).replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40);

/** A sandbox named after this run and `file`. `keys` lead into it, so the code under test needs no header. */
export function sandboxFor(file) {
  const name = `${run}-${file}`;
  const sandbox = { keys: {}, ask: (method, path, body) => ask(name, method, path, body) };
  before(async () => {
    // Longer than any run; an aborted run leaves nothing behind after it.
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
  const response = await fetch(`${UNDERSTUDY_URL}/__admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${UNDERSTUDY_ADMIN_TOKEN}`,
      'x-understudy-sandbox': sandbox,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
