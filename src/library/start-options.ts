// What a program may tell a server that it starts: each option once, in the command's words, checked by name.
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import type { ContractFile } from '../cli/values.ts';
import { JOURNAL_SIZE } from '../core/journal/journal.ts';
import { pathText } from '../core/json-text.ts';
import { LIMITS } from '../core/sandbox/sandboxes.ts';
import { SettingsChange } from '../core/sandbox/settings.ts';
import type { ServerOptions } from '../server.ts';
import type { SandboxSettings } from './sandbox.ts';

/** What a server may be told when it starts. */
export interface StartOptions {
  /** The port on 127.0.0.1; 0 (the default) takes a free one, `false` opens none: only `fetch` and `inject` reach it. */
  readonly port?: number | false;
  /** A folder of fixtures that replaces the built-in rows. */
  readonly fixtures?: string;
  /** A folder in which sandboxes outlive the process. */
  readonly data?: string;
  /** A fuller OpenAPI document for a provider, a file each: what has no handler here is answered from it. */
  readonly contract?: { readonly [provider in 'proficient' | 'pagecall' | 'conductor']?: string };
  /** What is set in every sandbox that does not say otherwise: `auth`, `mode`, `delay`, `seed`, `publicUrl`. */
  readonly settings?: SandboxSettings;
  /** Whether ids such as `u_fail_503` order a fault; `true` by default. */
  readonly magicIds?: boolean;
  /** Whether webhooks are sent (the default) or only listed. */
  readonly webhooks?: boolean;
  /** Whether every answer is held against its schema before it is sent; `false` by default. */
  readonly checkAnswers?: boolean;
  /** How many requests each sandbox remembers; 1,000 by default. */
  readonly journalSize?: number;
  /** Seconds that a sandbox made by its first use stays without another; 3,600 by default. */
  readonly sandboxTtl?: number;
  /** How many sandboxes there may be in memory; 20,000 by default. */
  readonly maxSandboxes?: number;
  /** How many sandboxes are open at a time, the others sleep; 2,000 by default. */
  readonly openSandboxes?: number;
  /** Whether only sandboxes are known that were made on purpose; `false` by default. */
  readonly explicitSandboxes?: boolean;
}

const PORT = 'takes a port number, 0 for a free one, or false for none';
const wholeNumber = (least: number, most: number) => z.int().min(least).max(most);

const Contract = z.strictObject({ proficient: z.string(), pagecall: z.string(), conductor: z.string() }).partial();

const Options = z.strictObject({
  port: z.union([z.int(PORT).min(0, PORT).max(65535, PORT), z.literal(false)], PORT).default(0),
  fixtures: z.string().min(1).optional(),
  data: z.string().min(1).optional(),
  contract: Contract.default({}),
  settings: SettingsChange.default({}),
  magicIds: z.boolean().default(true),
  webhooks: z.boolean().default(true),
  checkAnswers: z.boolean().default(false),
  journalSize: wholeNumber(1, 100_000).default(JOURNAL_SIZE),
  sandboxTtl: wholeNumber(1, 31_536_000).default(LIMITS.idleSeconds),
  maxSandboxes: wholeNumber(1, 10_000_000).default(LIMITS.maxSandboxes),
  openSandboxes: wholeNumber(1, 1_000_000).default(LIMITS.maxOpen),
  explicitSandboxes: z.boolean().default(LIMITS.explicitOnly),
});

/**
 * The options as the server takes them, and its port.
 *
 * @throws TypeError that names the option that cannot be used
 */
export function readOptions(options: StartOptions): {
  port: number | false;
  contracts: ContractFile[];
  server: Partial<ServerOptions>;
} {
  const read = Options.safeParse(options);
  if (!read.success) throw new TypeError(complaint(read.error.issues[0] as z.core.$ZodIssue));
  const { port, contract, fixtures, data, sandboxTtl, maxSandboxes, openSandboxes, explicitSandboxes, ...more } =
    read.data;
  const limits = { idleSeconds: sandboxTtl, maxSandboxes, maxOpen: openSandboxes, explicitOnly: explicitSandboxes };
  const contracts = Object.entries(contract).flatMap(([provider, file]) =>
    file === undefined ? [] : [{ provider, file }],
  );
  return { port, contracts, server: { ...more, fixtures: fixtures ?? null, data: data ?? null, limits } };
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys')
    return `startUnderstudy cannot use ${pathText(issue.path) || 'that'}: ${issue.message}.`;
  const { shape } = issue.path.length === 0 ? Options : issue.path[0] === 'contract' ? Contract : SettingsChange;
  const [key = ''] = issue.keys;
  const near = closest(key, Object.keys(shape));
  return `startUnderstudy has no option ${pathText([...issue.path, key])}; did you mean ${pathText([...issue.path, near])}?`;
}
