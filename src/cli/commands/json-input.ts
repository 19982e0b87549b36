// JSON that a command is handed: in a file, on standard input, or as an argument itself.
import { readFile } from 'node:fs/promises';
import { UsageError } from '../failures.ts';
import type { Shell } from '../shell.ts';

const STANDARD_INPUT = '-';

/**
 * The JSON in a file, or on standard input where the word is `-`.
 *
 * @throws UsageError when it cannot be read, or is no JSON
 */
export async function jsonFrom(word: string, shell: Shell): Promise<unknown> {
  return word === STANDARD_INPUT ? await inputJson(shell) : parsed(await fileText(word), word);
}

/** The JSON of an argument, or on standard input where that is `-`. @throws UsageError when it is no JSON */
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
  if (text.trim() === '') throw new UsageError(`${where} is empty; it takes JSON.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is no JSON: ${(error as Error).message}.`);
  }
}
