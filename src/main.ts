#!/usr/bin/env node
// The command: reads flags and environment, starts the server or waits for one, closes on signals.
import process from 'node:process';

const OLDEST_NODE = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(`Understudy needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

try {
  // Loaded only now: on an older Node the imports themselves would fail, without a word a person could use.
  const { run, stop } = await import('./command.ts');
  const result = await run(process.argv.slice(2), process.env, process.stdout);
  if (typeof result === 'number') process.exitCode = result;
  else {
    let ending = false;
    const end = async () => {
      // Asked twice, somebody is in a hurry.
      if (ending) process.exit(1);
      ending = true;
      await stop(result);
      process.exit(0);
    };
    process.on('SIGTERM', end).on('SIGINT', end);
  }
} catch (error) {
  const { sentenceOf } = await import('./command.ts');
  fail(sentenceOf(error as Error));
}

function fail(sentence: string): never {
  process.stderr.write(`understudy: ${sentence}\n`);
  process.exit(1);
}
