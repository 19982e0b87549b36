// A sandbox of its own for each worker of a test runner: its name, from what the runner tells the worker.

/** What runners number their workers with. */
const NUMBERED = ['VITEST_POOL_ID', 'JEST_WORKER_ID', 'TAP_JOB_ID'] as const;
/** pytest-xdist names them: `gw0`. */
const NAMED = 'PYTEST_XDIST_WORKER';

/**
 * The name of this worker's sandbox, e.g. `worker-3` or `gw0`; undefined outside of a worker.
 *
 * @param environment the variables of the process
 */
export function workerSandbox(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const variable of NUMBERED) {
    const id = environment[variable];
    if (id !== undefined && id !== '') return fitting(`worker-${id}`);
  }
  return fitting(environment[NAMED] ?? '') || undefined;
}

/** As much of it as a sandbox may be called. */
function fitting(name: string): string {
  return name.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 64);
}
