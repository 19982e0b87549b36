// Conductor's official Python SDK on a company file: a customer's integration, with every field's type checked.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { listening, SOURCES } from '../harness.ts';

const VERSION = '1.92.3';
const STORY = join(SOURCES, 'test', 'clients', 'quickbooks_story.py');
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
