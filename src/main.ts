#!/usr/bin/env node
// The command: reads flags and environment, starts the server or waits for one, closes on signals.
import module from 'node:module';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

const OLDEST_NODE = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(`Understudy needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

// What is young stays in 2 MiB instead of growing to 32: a start makes little that dies, and a request dies at once.
setFlagsFromString('--semi-space-growth-factor=1');
// A start runs most of its code once: optimizing it takes a tenth of the time and 10 MiB, and is of no use later.
setFlagsFromString('--no-opt');
// From Node 22.1 on what was compiled is kept for the next start.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

try {
  // Loaded only now: on an older Node the imports themselves would fail, without a word a person could use.
  const { run, stop } = await import('./command.ts');
  const result = await run(process.argv.slice(2), process.env, process.stdout);
  setFlagsFromString('--opt');
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
