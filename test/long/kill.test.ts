// 200 kills at random moments, each followed by a consistency check of ledger and rows.
import t from 'tap';
import { crash } from '../crash.ts';

const KILLS = 200;

t.test(`after each of ${KILLS} kills ledger and rows agree`, { timeout: 540_000 }, async (t) => {
  let inBurst = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await t.test(`kill ${kill + 1}`, async (t) => {
      const one = await crash(t, 1 + Math.floor(Math.random() * 170), kill % 10 === 0);
      t.same(one.contradictions, []);
      if (one.gone > 0 && one.gone < 180 && one.unanswered > 0) inBurst++;
    });
  }
  t.ok(inBurst >= KILLS / 4, `${inBurst} kills fell inside a burst of deletes`);
});
