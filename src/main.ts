#!/usr/bin/env node
// The entry point of the command: checks Node, runs the command, sets the exit code, stops a server on signals.
import module from 'node:module';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

const OLDEST_NODE = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  process.stderr.write(
    `understudy: Understudy needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}

// Keeps V8's young generation at 2 MiB instead of letting it grow to 32: a start allocates little garbage.
setFlagsFromString('--semi-space-growth-factor=1');
// A start runs most of its code once: optimizing it costs a tenth of the time and 10 MiB, and does not pay off.
setFlagsFromString('--no-opt');
// From Node 22.1 on, compiled code is cached on disk for the next start.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// Imported only now: on an older Node the imports themselves would fail, with an error nobody understands.
const { runIn, stop, shellOf } = await load().catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EMFILE' && error.code !== 'ENFILE') throw error;
  process.stderr.write(
    'understudy: The limit of open files is too low to start (ulimit -n); raise it, e.g. ulimit -n 4096.\n',
  );
  return process.exit(2);
});
const result = await runIn(shellOf(process), process.argv.slice(2));
// A running server benefits from both: with them a delete took a twelfth less time.
setFlagsFromString('--opt');
setFlagsFromString('--semi-space-growth-factor=2');
if (typeof result === 'number') process.exitCode = result;
else {
  let ending = false;
  const end = async () => {
    // A second signal ends it at once.
    if (ending) process.exit(2);
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
