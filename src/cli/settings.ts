// Every setting of a server: flag, environment variable, default, help and type. The options, `--help` and the docs are
// made from it.
import { JOURNAL_SIZE } from '../core/journal/journal.ts';
import { LIMITS } from '../core/sandbox/lifetime.ts';
import type { AuthMode } from '../core/sandbox/settings.ts';
import {
  type ContractFile,
  choice,
  contractFiles,
  hostNames,
  onOff,
  type RootMount,
  rootMounts,
  setting,
  text,
  token,
  type Values,
  wholeNumber,
} from './values.ts';

/** The settings of a server. */
export const SETTINGS = {
  port: setting({
    value: 'number',
    short: 'p',
    fallback: 4010,
    read: wholeNumber(0, 65535),
    help: 'port to listen on; 0 picks a free one',
  }),
  tls: setting<number | null>({
    value: 'port',
    fallback: null,
    read: wholeNumber(0, 65535),
    help: 'also serve HTTPS on this port; /__admin/ca.pem is the CA to trust; 0 picks a free one',
  }),
  host: setting({ value: 'address', fallback: '127.0.0.1', read: text, help: 'address to listen on' }),
  data: setting<string | null>({
    value: 'folder',
    fallback: null,
    read: text,
    help: 'folder for the sandboxes, a SQLite file each, and the CA of --tls; without it they are in memory',
  }),
  fixtures: setting<string | null>({
    value: 'folder',
    fallback: null,
    read: text,
    help: 'folder with your own rows instead of the built-in ones: <folder>/<provider>/<resource>.json',
  }),
  contract: setting<ContractFile[]>({
    value: 'provider=file',
    fallback: [],
    repeatable: true,
    read: contractFiles,
    help: "a fuller OpenAPI document of a provider; operations without a handler respond with the document's examples or schemas",
  }),
  'strict-contract': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'compile all schemas of --contract at the start, and refuse a document with one that cannot be compiled; by default its operations respond with 501',
  }),
  auth: setting<AuthMode>({
    value: 'spec|strict',
    fallback: 'spec',
    read: choice('spec', 'strict'),
    help: 'spec accepts any well-formed key, and at Proficient AI a call without one, served as admin; strict accepts only the keys of the sandbox',
  }),
  mode: setting<'strict' | 'example'>({
    value: 'strict|example',
    fallback: 'strict',
    read: choice('strict', 'example'),
    help: "strict behaves like the provider; example is for an SDK's own test suite: the ids of published examples always exist",
  }),
  'sandbox-ttl': setting({
    value: 'seconds',
    fallback: LIMITS.idleSeconds,
    read: wholeNumber(1, 31_536_000),
    help: 'how long a sandbox that was created by its first use is kept while unused',
  }),
  'max-sandboxes': setting({
    value: 'number',
    fallback: LIMITS.maxSandboxes,
    read: wholeNumber(1, 10_000_000),
    help: 'how many sandboxes may be in memory; beyond it the least recently used of those created by first use is evicted',
  }),
  'open-sandboxes': setting({
    value: 'number',
    fallback: LIMITS.maxOpen,
    read: wholeNumber(1, 1_000_000),
    help: 'how many sandboxes are open at a time; the others are suspended and reopened on use',
  }),
  'explicit-sandboxes': setting({
    value: null,
    fallback: LIMITS.explicitOnly,
    read: onOff,
    help: 'serve only sandboxes created with POST /__admin/sandboxes',
  }),
  mount: setting<RootMount[]>({
    value: 'provider=port',
    fallback: [],
    repeatable: true,
    read: rootMounts,
    help: 'also serve a provider at / of a port of its own',
  }),
  'journal-size': setting({
    value: 'number',
    fallback: JOURNAL_SIZE,
    read: wholeNumber(1, 100_000),
    help: 'how many requests the journal of each sandbox keeps',
  }),
  'journal-memory': setting<number | null>({
    value: 'MiB',
    fallback: null,
    read: wholeNumber(1, 1_000_000),
    help: 'memory for the journals of all sandboxes; default: an eighth of the heap limit',
  }),
  'snapshot-memory': setting<number | null>({
    value: 'MiB',
    fallback: null,
    read: wholeNumber(1, 1_000_000),
    help: 'memory for all snapshots without --data; default: a quarter of the heap limit',
  }),
  'admin-port': setting<number | null>({
    value: 'number',
    fallback: null,
    read: wholeNumber(0, 65535),
    help: 'serve /__admin on a port of its own instead of --port; 0 picks a free one',
  }),
  'admin-token': setting<string | null>({
    value: 'token',
    fallback: null,
    read: token,
    help: 'the token that /__admin requires when --host is not a loopback address; by default one is generated and printed',
  }),
  'allow-host': setting<readonly string[]>({
    value: 'name',
    fallback: [],
    repeatable: true,
    read: hostNames,
    help: 'also serve /__admin under this host name; local names and names without a dot are always allowed',
  }),
  'no-magic-ids': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'do not plan faults from ids such as u_fail_503',
  }),
  'no-webhooks': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'do not send webhooks, only list them',
  }),
  'log-level': setting({
    value: 'level',
    fallback: 'warn',
    read: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    help: 'how much to log; info logs every request',
  }),
  'check-answers': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'validate every response against its schema before it is sent',
  }),
} as const;

/** The values of a server's settings. */
export type Config = Values<typeof SETTINGS>;

export const VARIABLE_PREFIX = 'UNDERSTUDY_';

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return VARIABLE_PREFIX + name.toUpperCase().replaceAll('-', '_');
}

/** A default as text; '' where a setting has none. */
export function presetOf(fallback: unknown): string {
  return fallback === null || fallback === false || Array.isArray(fallback) ? '' : String(fallback);
}
