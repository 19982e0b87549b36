// What a provider notes on an operation reaches whoever reads its document.
import { join } from 'node:path';
import t from 'tap';
import { effectiveContract } from '../../../src/core/openapi/overlay.ts';
import { servedDocument } from '../../../src/core/openapi/served-document.ts';
import { conductor } from '../../../src/providers/conductor/index.ts';
import { ROOT } from '../../harness.ts';

t.test('a note stands behind the description, and an operation without one has its description alone', (t) => {
  const contract = effectiveContract(join(ROOT, 'openapi', 'conductor.json'));
  const described = (notes: Record<string, string>) =>
    servedDocument({ ...conductor, notes }, contract).paths['/end-users']?.get?.description;
  const { description } = contract.paths['/end-users']?.get as { description: string };
  t.equal(described({ 'endUsers.list': 'Not in pages here.' }), `${description} Not in pages here.`);
  t.equal(described({ other: 'Not in pages here.' }), description);
  t.end();
});
