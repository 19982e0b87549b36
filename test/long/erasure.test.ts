// An erasure check of 100,000 rows does not block other requests.
import { join } from 'node:path';
import t from 'tap';
import { carryOut } from '../core/deletions/residues.ts';
import { RESOURCES } from '../core/deletions/searched.ts';
import { listening } from '../harness.ts';
import { writeLargeFixtures } from '../large-fixtures.ts';

const USERS = 9_091;

t.test(
  'a hundred thousand rows are searched while the server responds to other requests',
  { timeout: 120_000 },
  async (t) => {
    const fixtures = join(t.testdir(), 'fixtures');
    writeLargeFixtures(fixtures, USERS);
    const { url, call } = await listening(t, { fixtures });
    let done = false;
    const began = performance.now();
    const checking = fetch(`${url}/__admin/erasure-checks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subjects: [`${USERS - 1}@example.com`] }),
    }).then(async (answer) => {
      done = true;
      return await answer.json();
    });
    let meanwhile = 0;
    while (!done) {
      const health = await fetch(`${url}/__admin/health`);
      await health.arrayBuffer();
      if (!done) meanwhile += 1;
    }
    const result = (await checking) as { plan: string[] };
    t.comment(`${Math.round(performance.now() - began)} ms, ${meanwhile} other responses meanwhile`);
    t.ok(meanwhile >= 3, `${meanwhile} other requests got responses meanwhile`);
    t.match(result, { clean: false, searched: { resources: RESOURCES, rows: 100_004 } });
    t.ok(performance.now() - began < 5000);
    t.equal(result.plan.length, 3, 'one call a provider');
    for (const planned of result.plan) t.equal((await carryOut(call, planned)).status, 200);
    const json = { subjects: [`${USERS - 1}@example.com`] };
    t.match((await call('POST', '/__admin/erasure-checks', { json })).body, { clean: true });
  },
);
