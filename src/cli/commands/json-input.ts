// Reads JSON from a file, from standard input, or from an argument.
import { readFile } from 'node:fs/promises';
import { UsageError } from '../failures.ts';
import type { Shell } from '../shell.ts';

const STANDARD_INPUT = '-';

/** The JSON of a file, or of standard input for `-`. @throws UsageError when it cannot be read or is not JSON */
export async function jsonFrom(word: string, shell: Shell): Promise<unknown> {
  return word === STANDARD_INPUT ? await inputJson(shell) : parsed(await fileText(word), word);
}

/** The JSON of an argument, or of standard input for `-`. @throws UsageError when it is not JSON */
export async function jsonIn(word: string, shell: Shell): Promise<unknown> {
  return word === STANDARD_INPUT ? await inputJson(shell) : parsed(word, 'The argument');
}

async function inputJson({ input }: Shell): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return parsed(Buffer.concat(chunks).toString(), 'Standard input');
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}; - reads standard input.`);
  }
}

function parsed(text: string, where: string): unknown {
  if (text.trim() === '') throw new UsageError(`${where} is empty; JSON is expected.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is not JSON: ${(error as Error).message}.`);
  }
}
