// The system's limit of open files, and the limits derived from it.
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { sentenceOf } from '../../../src/cli/failures.ts';
import {
  assertDescriptors,
  isOutOfDescriptors,
  loadedOnce,
  lowDescriptorWarning,
  maxDescriptors,
  maxOpenFiles,
} from '../../../src/core/storage/descriptors.ts';
import { buildServer } from '../../../src/server.ts';

const PROBLEM = {
  type: 'urn:understudy:too-many-files',
  title: 'Too many files open',
  status: 503,
  detail:
    'Too many files and connections are open in Understudy; retry when some are closed, or start it with a higher limit (ulimit -n).',
};

function fault(code: string): Error {
  return Object.assign(new Error(`${code}: too many open files`), { code });
}

t.test('the limit is read from the system if available', (t) => {
  const dir = t.testdir({
    low: 'Limit  Soft Limit  Hard Limit  Units\nMax open files            100                  100                  files\n',
    none: 'Max open files            unlimited            unlimited            files\n',
  });
  t.equal(maxDescriptors(join(dir, 'low')), 100);
  for (const name of ['none', 'missing']) t.equal(maxDescriptors(join(dir, name)), Number.POSITIVE_INFINITY);
  t.same(
    [maxOpenFiles(1), maxOpenFiles(100), maxOpenFiles(Number.POSITIVE_INFINITY)],
    [1, 12, Number.POSITIVE_INFINITY],
  );
  t.equal(lowDescriptorWarning(256), '');
  t.match(
    lowDescriptorWarning(255),
    /^understudy: Only 255 files and connections can be open at a time \(ulimit -n\); .*ulimit -n 4096\.\n$/,
  );
  t.end();
});

t.test('too many open files is a readable message on the command line and a problem over HTTP', async (t) => {
  for (const code of ['EMFILE', 'ENFILE']) {
    t.equal(isOutOfDescriptors(fault(code)), true);
    t.equal(
      sentenceOf(fault(code)),
      'Too many files and connections are open (ulimit -n); raise the limit, e.g. ulimit -n 4096.',
    );
  }
  t.equal(isOutOfDescriptors(fault('ENOENT')), false);
  const app = buildServer();
  t.teardown(() => app.close());
  app.addHook('onRequest', async (request) => {
    if (request.url === '/__admin/faults') throw fault('EMFILE');
  });
  const answer = await app.inject({ url: '/__admin/faults', headers: { host: 'localhost' } });
  t.strictSame([answer.statusCode, answer.json()], [503, PROBLEM]);
});

t.test('modules are loaded once, and only when descriptors are available', async (t) => {
  let loads = 0;
  const loaded = loadedOnce(async () => ++loads);
  t.same([await loaded(), await loaded()], [1, 1]);
  t.throws(() => assertDescriptors(10_000_000), { message: PROBLEM.detail });
  const file = openSync('.', 'r');
  closeSync(file);
  t.ok(file < 1000, 'all descriptors were released');
});
