// A mixed attack on a server with files: pipelines with faults, checks, deletes, resets, snapshots, evictions and kills.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { AttackedServer } from '../attack/attacked-server.ts';
import { Attacker, randomFrom } from '../attack/attacker.ts';
import { fromEnvironment, seedFrom } from '../seeds.ts';

const SECONDS = fromEnvironment('ATTACK_SECONDS', 300);
const SEED = seedFrom('ATTACK_SEED');
const ATTACKERS = 6;
/** Longest life of a process between two kills, and longest attack between two checks, in milliseconds. */
const LIFE = 20_000;
const ROUND = 5000;
/** Most growth of memory over one life, in bytes: code that V8 compiles late, and caches with a limit. */
const MOST_GROWTH = 24 * 1024 * 1024;

const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);

t.test(
  `${SECONDS} seconds of attack break nothing (ATTACK_SEED=${SEED})`,
  { timeout: SECONDS * 2000 + 120_000 },
  async (t) => {
    const data = mkdtempSync(join(tmpdir(), 'understudy-attack-'));
    t.teardown(() => rmSync(data, { recursive: true, force: true }));
    const random = randomFrom(SEED);
    const end = Date.now() + SECONDS * 1000;
    let control: string | null = null;
    const totals = { actions: 0, lives: 0, checks: 0, growth: 0, descriptors: '' };
    t.comment(`ATTACK_SEED=${SEED}`);
    for (let life = 0; Date.now() < end; life++) {
      const server = await AttackedServer.start(data);
      t.teardown(() => server.kill());
      const attack = async (ms: number) => {
        const attackers = Array.from(
          { length: ATTACKERS },
          (_, n) => new Attacker(server, `attacker${n}`, Math.floor(random() * 2 ** 32), life * 1000 + totals.checks),
        );
        const until = Math.min(end, Date.now() + ms);
        const results = await Promise.allSettled([...attackers.map((one) => one.work(until)), server.watch(until)]);
        for (const one of attackers) totals.actions += one.actions;
        for (const one of results) if (one.status === 'rejected') throw one.reason;
      };
      const check = async () => {
        await server.checkAlive();
        totals.checks++;
        await server.checkSandboxes();
        const now = await server.controlState();
        control ??= now;
        t.ok(now === control, 'the control sandbox is as it was');
      };
      // What the last kill left behind is whole.
      await check();
      await attack(ROUND / 5);
      await check();
      const before = await server.held();
      const lifeEnd = Math.min(end, Date.now() + LIFE);
      while (Date.now() < lifeEnd) {
        await attack(Math.min(ROUND, lifeEnd - Date.now()));
        await check();
      }
      const after = await server.held(before.descriptors);
      totals.descriptors = `${before.descriptors} before, ${after.descriptors} after`;
      totals.growth = Math.max(totals.growth, after.memory - before.memory);
      t.ok(after.descriptors <= before.descriptors, `descriptors: ${totals.descriptors}`);
      t.ok(after.memory - before.memory < MOST_GROWTH, `memory: ${mib(before.memory)} MiB, then ${mib(after.memory)}`);
      totals.lives++;
      // Killed in the middle of an attack, from which the next life starts.
      const dying = attack(1000).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, random() * 500));
      await server.kill();
      await dying;
    }
    t.comment(
      `${totals.actions} actions, ${totals.lives} kills, ${totals.checks} checks of all sandboxes; descriptors of the last life ${totals.descriptors}; memory grew by at most ${mib(totals.growth)} MiB`,
    );
    t.ok(totals.actions > SECONDS, 'the attackers were busy');
  },
);
