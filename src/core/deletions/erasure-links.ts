// Linked identities: from the given subjects to every value ever seen on the same row as one of them.
import { setImmediate } from 'node:timers/promises';
import type { Provider } from '../provider/provider.ts';
import { fieldValue, rowsSql } from '../provider/resource.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { forgottenLinks, type IdentityEntry, readLinks } from '../storage/identity-links.ts';
import type { LinkedIdentity } from './erasure-result.ts';
import type { Subjects } from './erasure-subjects.ts';

/** The most linked identities that are searched. */
const MAX_LINKED = 1000;
/** Entries read before yielding to the event loop. */
const PAGE = 5000;

/** The result of following links. */
export interface Following {
  readonly linked: LinkedIdentity[];
  /** The number of rows whose links have been forgotten. */
  readonly forgotten: number;
  /** There may be more than `MAX_LINKED`. */
  readonly cut: boolean;
}

/** Adds all linked identities to `subjects`; reads the entries again until a pass adds none. */
export async function followLinks(
  sandbox: Sandbox,
  providers: readonly Provider[],
  subjects: Subjects,
): Promise<Following> {
  const linked: LinkedIdentity[] = [];
  const forgotten = forgottenLinks(sandbox.db);
  for (let grew = true; grew && linked.length < MAX_LINKED; ) {
    grew = false;
    for await (const entry of entriesOf(sandbox, providers, subjects, forgotten > 0)) {
      const { identities, provider, resource, id, at } = entry;
      if (!identities.some(({ value }) => subjects.include(value))) continue;
      for (const { field, value } of identities) {
        if (linked.length >= MAX_LINKED || !subjects.link(value)) continue;
        grew = true;
        linked.push({ value, linkedBy: { provider, resource, id, field, at: new Date(at).toISOString() } });
      }
    }
  }
  return { linked, forgotten, cut: linked.length >= MAX_LINKED };
}

/** The recorded entries; when some have been forgotten, also those of the rows there are now. */
async function* entriesOf(
  sandbox: Sandbox,
  providers: readonly Provider[],
  subjects: Subjects,
  rowsToo: boolean,
): AsyncGenerator<IdentityEntry> {
  for (let after: number | null = 0; after !== null; ) {
    const accept = (identities: string) => subjects.mayBeIn(identities);
    const { entries, last } = readLinks(sandbox.db, { after, limit: PAGE, accept });
    yield* entries;
    after = last;
    await setImmediate();
  }
  if (!rowsToo) return;
  for (const provider of providers) yield* rowsOf(sandbox, provider);
}

async function* rowsOf(sandbox: Sandbox, provider: Provider): AsyncGenerator<IdentityEntry> {
  for (const resource of provider.resources) {
    const { identity = [] } = resource;
    if (identity.length === 0) continue;
    for (let after = Number.MIN_SAFE_INTEGER, read = PAGE; read === PAGE; ) {
      const sql = `select * from ${rowsSql(provider.name, resource)} where seq > ? order by seq limit ?`;
      const rows = sandbox.db.once(sql, after, PAGE);
      read = rows.length;
      for (const row of rows) {
        after = row.seq as number;
        yield {
          provider: provider.name,
          resource: resource.name,
          id: row[resource.key] as string,
          at: sandbox.clock.now(),
          identities: identity.flatMap((field) => {
            const value = fieldValue(row, field);
            return value === null ? [] : [{ field, value }];
          }),
        };
      }
      await setImmediate();
    }
  }
}
