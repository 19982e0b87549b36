// Every setting of a server once: flag, environment variable, default, help and type. `--help` and the README come from here.
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
    fallback: 4010,
    read: wholeNumber(0, 65535),
    help: 'port to listen on; 0 takes a free one',
  }),
  tls: setting<number | null>({
    value: 'port',
    fallback: null,
    read: wholeNumber(0, 65535),
    help: 'also speak https on this port; /__admin/ca.pem gives the CA to trust; 0 takes a free one',
  }),
  host: setting({ value: 'address', fallback: '127.0.0.1', read: text, help: 'address to listen on' }),
  data: setting<string | null>({
    value: 'folder',
    fallback: null,
    read: text,
    help: 'keep sandboxes in this folder, a SQLite file each, and the CA of --tls; without it they live in memory',
  }),
  fixtures: setting<string | null>({
    value: 'folder',
    fallback: null,
    read: text,
    help: 'rows of your own instead of the built-in ones: <folder>/<provider>/<resource>.json',
  }),
  contract: setting<ContractFile[]>({
    value: 'provider=file',
    fallback: [],
    repeatable: true,
    read: contractFiles,
    help: "a fuller OpenAPI document of a provider: what has no handler here is answered from the document's examples and schemas",
  }),
  auth: setting<AuthMode>({
    value: 'spec|strict',
    fallback: 'spec',
    read: choice('spec', 'strict'),
    help: 'spec takes any key the published contract takes, strict only known ones',
  }),
  mode: setting<'strict' | 'example'>({
    value: 'strict|example',
    fallback: 'strict',
    read: choice('strict', 'example'),
    help: "strict behaves like the provider; in example, for an SDK's own test suite, the ids of published examples are always there",
  }),
  'sandbox-ttl': setting({
    value: 'seconds',
    fallback: LIMITS.idleSeconds,
    read: wholeNumber(1, 31_536_000),
    help: 'how long a sandbox that was made by its first use stays without another',
  }),
  'max-sandboxes': setting({
    value: 'number',
    fallback: LIMITS.maxSandboxes,
    read: wholeNumber(1, 10_000_000),
    help: 'how many sandboxes there may be in memory; those made by first use make room',
  }),
  'open-sandboxes': setting({
    value: 'number',
    fallback: LIMITS.maxOpen,
    read: wholeNumber(1, 1_000_000),
    help: 'how many sandboxes are open at a time; the others sleep and wake on use',
  }),
  'explicit-sandboxes': setting({
    value: null,
    fallback: LIMITS.explicitOnly,
    read: onOff,
    help: 'know only sandboxes that were made with POST /__admin/sandboxes',
  }),
  mount: setting<RootMount[]>({
    value: 'provider=port',
    fallback: [],
    repeatable: true,
    read: rootMounts,
    help: 'also serve one provider at / of another port',
  }),
  'journal-size': setting({
    value: 'number',
    fallback: JOURNAL_SIZE,
    read: wholeNumber(1, 100_000),
    help: 'requests that each sandbox remembers',
  }),
  'admin-port': setting<number | null>({
    value: 'number',
    fallback: null,
    read: wholeNumber(0, 65535),
    help: 'serve /__admin on a port of its own and no longer on --port; 0 takes a free one',
  }),
  'admin-token': setting<string | null>({
    value: 'token',
    fallback: null,
    read: token,
    help: 'what /__admin asks for when --host reaches beyond this machine; without it one is made and printed',
  }),
  'allow-host': setting<readonly string[]>({
    value: 'name',
    fallback: [],
    repeatable: true,
    read: hostNames,
    help: 'also answer /__admin under this host name; local names and names without a dot always work',
  }),
  'no-magic-ids': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'read ids such as u_fail_503 as ids like any other',
  }),
  'no-webhooks': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'send no webhooks, only list them',
  }),
  'log-level': setting({
    value: 'level',
    fallback: 'warn',
    read: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    help: 'how much to log; info shows every request',
  }),
  'check-answers': setting({
    value: null,
    fallback: false,
    read: onOff,
    help: 'hold every answer against its schema before it is sent',
  }),
} as const;

/** What a server is set to. */
export type Config = Values<typeof SETTINGS>;
