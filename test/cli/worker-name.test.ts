// A sandbox for each worker of a test runner.
import t from 'tap';
import { isSandboxName } from '../../src/core/sandbox/sandbox-name.ts';
import { workerSandbox } from '../../src/library/worker-name.ts';

t.test('the name comes from the worker variable of each test runner', async (t) => {
  t.equal(workerSandbox({}), undefined);
  t.equal(workerSandbox({ VITEST_POOL_ID: '3' }), 'worker-3');
  t.equal(workerSandbox({ JEST_WORKER_ID: '1' }), 'worker-1');
  t.equal(workerSandbox({ TAP_JOB_ID: '0' }), 'worker-0');
  t.equal(workerSandbox({ PYTEST_XDIST_WORKER: 'gw0' }), 'gw0');
  t.equal(workerSandbox({ VITEST_POOL_ID: '', PYTEST_XDIST_WORKER: '' }), undefined);
  t.equal(workerSandbox({ JEST_WORKER_ID: '2', TAP_JOB_ID: '5' }), 'worker-2', 'the first that is there');
});

t.test('any worker id gives a valid sandbox name', async (t) => {
  for (const id of ['a b/c', 'ü', 'x'.repeat(100), '../..']) {
    t.ok(isSandboxName(String(workerSandbox({ JEST_WORKER_ID: id }))), id);
    t.ok(isSandboxName(String(workerSandbox({ PYTEST_XDIST_WORKER: id }))), id);
  }
});
