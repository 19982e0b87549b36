// A server with the larger Conductor contract, whose responses are all checked against it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Test } from 'tap';
import { readContracts } from '../../src/library/contracts.ts';
import type { ServerOptions } from '../../src/server.ts';
import { TABLES, type Table, tableWith } from '../contract/checker.ts';
import { listening, SOURCES, type TestServer } from '../harness.ts';

export const FILE = join(SOURCES, 'test/published/conductor-larger.yaml');

/** Alice, an end-user with a connection. */
export const ALICE = 'end_usr_alice000000042';

let tables: Table[] | undefined;
let contracts: Awaited<ReturnType<typeof readContracts>> | undefined;

/** Starts a server on a free port whose Conductor has the larger contract. */
export async function larger(t: Test, options: Partial<ServerOptions> = {}): Promise<TestServer & { url: string }> {
  tables ??= TABLES.map((table) =>
    table.mount === '/conductor' ? tableWith(table, '/v1', load(readFileSync(FILE, 'utf8')) as never) : table,
  );
  contracts ??= await readContracts([{ provider: 'conductor', file: FILE }]);
  return await listening(t, { contracts, ...options }, tables);
}
