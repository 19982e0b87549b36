// Options of startUnderstudy(): their types, defaults and validation.
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import type { ContractFile } from '../cli/values.ts';
import { JOURNAL_SIZE } from '../core/journal/journal.ts';
import { pathText } from '../core/json-text.ts';
import { inBytes } from '../core/sandbox/memory.ts';
import { LIMITS } from '../core/sandbox/sandboxes.ts';
import { SettingsChange } from '../core/sandbox/settings.ts';
import type { ServerOptions } from '../server.ts';
import type { SandboxSettings } from './sandbox.ts';

/** Options of a server. */
export interface StartOptions {
  /**
   * The port on 127.0.0.1; 0 (the default) takes a free one, `false` opens none: only `fetch` and `inject` reach it.
   */
  readonly port?: number | false;
  /** A folder of fixtures that replaces the built-in rows. */
  readonly fixtures?: string;
  /** A folder in which sandboxes are kept across restarts. */
  readonly data?: string;
  /** A fuller OpenAPI document (a file) per provider: operations without a handler here respond as it describes. */
  readonly contract?: { readonly [provider in 'proficient' | 'pagecall' | 'conductor']?: string };
  /** Whether a document of `contract` with a schema that cannot be compiled is refused; otherwise its operations respond with 501. */
  readonly strictContract?: boolean;
  /** Defaults for the settings of every sandbox: `auth`, `mode`, `delay`, `seed`, `publicUrl`. */
  readonly settings?: SandboxSettings;
  /** Whether ids such as `u_fail_503` plan a fault; `true` by default. */
  readonly magicIds?: boolean;
  /** Whether webhooks are sent (`true`, the default) or only listed. */
  readonly webhooks?: boolean;
  /** Whether every response is validated against its schema before it is sent; `false` by default. */
  readonly checkAnswers?: boolean;
  /** How many requests each sandbox's journal keeps; 1,000 by default. */
  readonly journalSize?: number;
  /** Memory of all journals, in MiB; beyond it large bodies are dropped, then entries. By default an eighth of the heap limit. */
  readonly journalMemory?: number;
  /** Memory of all snapshots, in MiB, where they are not files; by default a quarter of the heap limit. */
  readonly snapshotMemory?: number;
  /** Idle seconds after which a sandbox created by its first use is deleted; 3,600 by default. */
  readonly sandboxTtl?: number;
  /** The maximum number of sandboxes in memory; 20,000 by default. */
  readonly maxSandboxes?: number;
  /** The maximum number of open sandboxes; others are suspended. 2,000 by default. */
  readonly openSandboxes?: number;
  /** Whether sandboxes must be created explicitly, not by their first use; `false` by default. */
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
  strictContract: z.boolean().default(false),
  settings: SettingsChange.default({}),
  magicIds: z.boolean().default(true),
  webhooks: z.boolean().default(true),
  checkAnswers: z.boolean().default(false),
  journalSize: wholeNumber(1, 100_000).default(JOURNAL_SIZE),
  journalMemory: wholeNumber(1, 1_000_000).optional(),
  snapshotMemory: wholeNumber(1, 1_000_000).optional(),
  sandboxTtl: wholeNumber(1, 31_536_000).default(LIMITS.idleSeconds),
  maxSandboxes: wholeNumber(1, 10_000_000).default(LIMITS.maxSandboxes),
  openSandboxes: wholeNumber(1, 1_000_000).default(LIMITS.maxOpen),
  explicitSandboxes: z.boolean().default(LIMITS.explicitOnly),
});

/**
 * Validates the options; returns them as the server takes them, and the port.
 *
 * @throws TypeError naming the invalid option
 */
export function readOptions(options: StartOptions): {
  port: number | false;
  contracts: ContractFile[];
  strictContract: boolean;
  server: Partial<ServerOptions>;
} {
  const read = Options.safeParse(options);
  if (!read.success) throw new TypeError(issueText(read.error.issues[0] as z.core.$ZodIssue));
  const {
    port,
    contract,
    strictContract,
    fixtures,
    data,
    sandboxTtl,
    maxSandboxes,
    openSandboxes,
    explicitSandboxes,
    ...rest
  } = read.data;
  const { journalMemory, snapshotMemory, ...more } = rest;
  const memory = inBytes({ journal: journalMemory, snapshots: snapshotMemory });
  const limits = { idleSeconds: sandboxTtl, maxSandboxes, maxOpen: openSandboxes, explicitOnly: explicitSandboxes };
  const contracts = Object.entries(contract).flatMap(([provider, file]) =>
    file === undefined ? [] : [{ provider, file }],
  );
  return {
    port,
    contracts,
    strictContract,
    server: { ...more, fixtures: fixtures ?? null, data: data ?? null, limits, memory },
  };
}

function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys')
    return `startUnderstudy cannot use ${pathText(issue.path) || 'its options'}: ${issue.message}.`;
  const { shape } = issue.path.length === 0 ? Options : issue.path[0] === 'contract' ? Contract : SettingsChange;
  const [key = ''] = issue.keys;
  const near = closest(key, Object.keys(shape));
  return `startUnderstudy has no option ${pathText([...issue.path, key])}; did you mean ${pathText([...issue.path, near])}?`;
}
