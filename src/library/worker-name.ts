// The sandbox name of a test worker, from the environment variables of the test runner.

/** Variables with the worker's number. */
const NUMBERED = ['VITEST_POOL_ID', 'JEST_WORKER_ID', 'TAP_JOB_ID'] as const;
/** The variable of pytest-xdist, which names its workers: `gw0`. */
const NAMED = 'PYTEST_XDIST_WORKER';

/**
 * The name of this worker's sandbox, e.g. `worker-3` or `gw0`; undefined outside of a worker.
 *
 * @param environment the variables of the process
 */
export function workerSandbox(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const variable of NUMBERED) {
    const id = environment[variable];
    if (id !== undefined && id !== '') return sandboxName(`worker-${id}`);
  }
  return sandboxName(environment[NAMED] ?? '') || undefined;
}

/** The name with invalid characters replaced, cut to 64. */
function sandboxName(name: string): string {
  return name.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 64);
}
