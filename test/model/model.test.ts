// Random sequences of provider calls: server and model agree after every step. `npm run test:long` runs more of them.
import t from 'tap';
import { companyFile } from './company-file.ts';
import { conductor } from './conductor.ts';
import { agrees, dangling } from './model-runner.ts';
import { pagecall } from './pagecall.ts';
import { proficient } from './proficient.ts';

t.test('Proficient agrees with its model after every step', (t) => agrees(t, proficient, { sequences: 25, steps: 14 }));

t.test('Pagecall agrees with its model after every step', (t) => agrees(t, pagecall, { sequences: 20, steps: 14 }));

t.test('Conductor agrees with its model after every step', (t) => agrees(t, conductor, { sequences: 40, steps: 14 }));

t.test('A QuickBooks company file agrees with its model after every step', (t) =>
  agrees(t, companyFile, { sequences: 15, steps: 14 }),
);

t.test('a dangling reference is reported, and null is not a reference', async (t) => {
  const messages = [
    { id: 'm1', parent_id: null },
    { id: 'm2', parent_id: 'm1' },
    { id: 'm3', parent_id: 'm0' },
  ];
  t.strictSame(dangling({ messages }, [['messages', 'parent_id', 'messages', 'id']]), [
    'messages.parent_id m0 is in no messages.id',
  ]);
});
