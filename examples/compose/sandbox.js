// A sandbox for a test file: created at the start of the file and deleted at its end.
import { hostname } from 'node:os';
import { after, before } from 'node:test';

const { UNDERSTUDY_URL, UNDERSTUDY_ADMIN_TOKEN, RUN } = process.env;

// Concurrent jobs share one Understudy: the name of the run, or else of the container, keeps their sandboxes apart.
const run = (RUN || hostname()).replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40);

/** Creates a sandbox named after this run and `file`. Its `keys` select it, so the code needs no extra header. */
export function sandboxFor(file) {
  const name = `${run}-${file}`;
  const sandbox = { keys: {}, ask: (method, path, body) => ask(name, method, path, body) };
  before(async () => {
    // Longer than any run; removes the sandbox of an aborted run.
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
