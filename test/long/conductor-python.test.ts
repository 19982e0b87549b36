// Conductor's official Python SDK on a company file: a customer's integration, with every field's type checked.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { conductor } from '../../src/providers/conductor/index.ts';
import { listening, SOURCES } from '../harness.ts';

const VERSION = '1.92.3';
const STORY = join(SOURCES, 'test', 'clients', 'quickbooks_story.py');
const EVERYTHING = join(SOURCES, 'test', 'clients', 'quickbooks_operations.py');
const run = promisify(execFile);

/** A Python that has the SDK, in an environment of its own; else the reason why there is none. */
async function pythonWithSdk(folder: string): Promise<{ python: string } | { reason: string }> {
  const python = join(folder, 'bin', 'python');
  try {
    await run('python3', ['-m', 'venv', folder], { timeout: 300_000 });
    await run(python, ['-m', 'pip', 'install', '--quiet', `conductor-py==${VERSION}`], { timeout: 300_000 });
    return { python };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return { reason: (stderr || message).trim().split('\n').at(-1) ?? '' };
  }
}

const found = await pythonWithSdk(t.testdir());
const skip = 'reason' in found ? `skipped: Python and conductor-py ${VERSION} cannot be had: ${found.reason}` : false;

t.test(
  'conductor-py lives through every list and sale, and its types fit every response',
  { skip, timeout: 300_000 },
  async (t) => {
    const { url, call } = await listening(t);
    await call('PUT', '/__admin/clock', { json: { action: 'freeze', instant: '2025-02-20T12:00:00.000Z' } });
    const { python } = found as { python: string };
    const { stdout } = await run(python, [STORY, `${url}/conductor/v1`, 'end_usr_larkspur000001'], {
      timeout: 280_000,
    });
    const { resources, responses, faults } = JSON.parse(stdout);
    t.comment(`${responses} responses of ${resources.length} resources`);
    t.strictSame(faults, []);
    t.equal(resources.length, 42);
  },
);

const END_USERS = { strict: 'end_usr_millrace000002', example: 'end_usr_1234567abcdefg' };
const EXAMPLE_ID = '123ABC-1234567890';

/** In strict mode reports that are not computed are refused, and the fixtures have no inventory sites. */
function refusalOf(name: string): string | null {
  if (name === 'qbd.itemSites.retrieve') return '500';
  return /reports\.(budgetSummary|customSummary|job|payroll\w+|time)$/.test(name) ? '1030' : null;
}

for (const mode of ['strict', 'example'] as const) {
  t.test(`in ${mode} mode conductor-py reaches every operation`, { skip, timeout: 300_000 }, async (t) => {
    const { url, call } = await listening(t);
    const asked: object[] = [];
    for (const { operation: name, path } of conductor.operations) {
      if (!path.startsWith('/quickbooks-desktop/')) continue;
      // Each has a sandbox of its own, so that none meets what another did.
      const sandbox = `one-${asked.length}`;
      await call('POST', '/__admin/sandboxes', { json: { name: sandbox, settings: { mode } } });
      const instant = '2025-03-01T12:00:00.000Z';
      await call('PUT', `/__admin/clock?sandbox=${sandbox}`, { json: { action: 'freeze', instant } });
      const { id, 'Conductor-End-User-Id': _, ...query } = conductor.samples.operations?.[name] ?? {};
      asked.push({
        name,
        key: `sk_conductor_test_sbx_${sandbox}`,
        endUserId: END_USERS[mode],
        id: path.includes('{id}') ? (mode === 'strict' ? id : EXAMPLE_ID) : null,
        params: { ...query, ...(conductor.samples.bodies[name] as object | undefined) },
        refusal: mode === 'strict' ? refusalOf(name) : null,
      });
    }
    const { python } = found as { python: string };
    const started = run(python, [EVERYTHING, `${url}/conductor/v1`], { timeout: 280_000, maxBuffer: 10_000_000 });
    started.child.stdin?.end(JSON.stringify(asked));
    const { called, lacking, faults } = JSON.parse((await started).stdout);
    t.comment(`${called.length} called; the SDK lacks ${lacking.join(', ') || 'none'}`);
    t.strictSame(faults, []);
    t.equal(called.length + lacking.length, 256);
    t.ok(called.length > 200);
  });
}
