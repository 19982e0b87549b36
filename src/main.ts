#!/usr/bin/env node
// The process around a command: its exit code, and signals for a server that runs on.
import module from 'node:module';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

const OLDEST_NODE = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  process.stderr.write(
    `understudy: Understudy needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(1);
}

// What is young stays in 2 MiB instead of growing to 32: a start makes little that dies, and a request dies at once.
setFlagsFromString('--semi-space-growth-factor=1');
// A start runs most of its code once: optimizing it takes a tenth of the time and 10 MiB, and is of no use later.
setFlagsFromString('--no-opt');
// From Node 22.1 on what was compiled is kept for the next start.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// Loaded only now: on an older Node the imports themselves would fail, without a word a person could use.
const { runIn, stop, shellOf } = await load().catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EMFILE' && error.code !== 'ENFILE') throw error;
  process.stderr.write(
    'understudy: Too few files may be open at a time for a start (ulimit -n); raise the limit, e.g. ulimit -n 4096.\n',
  );
  return process.exit(1);
});
const result = await runIn(shellOf(process), process.argv.slice(2));
// Whoever serves has a use for both: in the runs that were compared a delete took a twelfth less.
setFlagsFromString('--opt');
setFlagsFromString('--semi-space-growth-factor=2');
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

async function load() {
  const { runIn, stop } = await import('./cli/command.ts');
  const { shellOf } = await import('./cli/shell.ts');
  return { runIn, stop, shellOf };
}
