// Parses the Dockerfile: its instructions in order, and the settings of the resulting image.
import { readFileSync } from 'node:fs';

/** The instructions as [name, rest], without comments and empty lines. */
export function instructionsOf(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => /^(\w+)\s+(.*)$/.exec(line).slice(1));
}

/** The pairs of an ENV instruction. */
export function pairsOf(rest) {
  return Object.fromEntries(rest.split(' ').map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]));
}

/** The words of an instruction in JSON form, without the options before it. */
export function wordsOf(rest) {
  return JSON.parse(rest.slice(rest.indexOf('[')));
}

/** The container settings of the last stage: variables, command, health check. */
export function imageOf(file) {
  const image = { env: {}, command: [], healthcheck: [] };
  for (const [name, rest] of instructionsOf(file)) {
    if (name === 'FROM') image.env = {};
    if (name === 'ENV') Object.assign(image.env, pairsOf(rest));
    if (name === 'CMD') image.command = wordsOf(rest);
    if (name === 'HEALTHCHECK') image.healthcheck = wordsOf(rest);
  }
  return image;
}
