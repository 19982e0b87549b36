// Identity links: triggers record which identity values were seen together on a row, and outlive the row.
import { ofResource, type Resource, tableOf } from '../provider/resource.ts';
import type { Database } from './database.ts';
import { deleteAll } from './table-rows.ts';

/** The most entries of a sandbox, about 100 bytes each. The oldest are deleted and counted. */
export const MAX_LINKS = 250_000;
/** Entries are pruned this many at a time: finding the oldest one to keep means counting all of them. */
const PRUNED_AT_ONCE = 10_000;

/** `identities` is a JSON list of field, value, field, value, …; `at` is sandbox time in milliseconds. */
const LINKS_SCHEMA = `
create table identity_links (
  seq integer primary key,
  provider text not null,
  resource text not null,
  id text not null,
  at integer not null,
  identities text not null
) strict;
create table identity_links_forgotten (seq integer primary key, provider text not null, links integer not null) strict;
create trigger identity_links_full after insert on identity_links when new.seq % ${PRUNED_AT_ONCE} = 0 begin
  update identity_links_forgotten set links = links + (
    select count(*) from identity_links as old where old.provider = identity_links_forgotten.provider
      and old.seq <= (select seq from identity_links order by seq desc limit 1 offset ${MAX_LINKS})
  );
  delete from identity_links where seq <= (select seq from identity_links order by seq desc limit 1 offset ${MAX_LINKS});
end;
`;

/** Sandbox time as SQL, from the rows of the sandbox's clock. */
const NOW = `coalesce(
    (select value from meta where key = 'clock_frozen'),
    cast(round(unixepoch('subsec') * 1000) as integer) + (select value from meta where key = 'clock_offset')
  )`;

/** The key and the identity values of a row when it was written. */
export interface IdentityEntry {
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  /** Sandbox time in milliseconds. */
  readonly at: number;
  readonly identities: readonly { readonly field: string; readonly value: string }[];
}

/** The SQL that creates the tables and triggers of identity links; runs after the providers' own schemas. */
export function identityLinksSchema(
  providers: readonly { readonly name: string; readonly resources: readonly Resource[] }[],
): string {
  const parts = providers.flatMap(({ name, resources }) => [
    `insert into identity_links_forgotten (provider, links) values ('${name}', 0);`,
    ...alike(name, resources).flatMap((group) => triggersOf(name, group)),
  ]);
  return [LINKS_SCHEMA, ...parts].join('\n');
}

/** Resources with identities, grouped by table and fields: each trigger costs every sandbox time and memory. */
function alike(provider: string, resources: readonly Resource[]): [Resource, ...Resource[]][] {
  const groups = new Map<string, [Resource, ...Resource[]]>();
  for (const resource of resources) {
    const { identity = [] } = resource;
    if (identity.length === 0) continue;
    const key = [tableOf(provider, resource), ...identity].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [resource]);
    else group.push(resource);
  }
  return [...groups.values()];
}

/** One entry for an insert, and for an update that changes an identity; a delete neither adds nor removes any. */
function triggersOf(provider: string, group: readonly [Resource, ...Resource[]]): string[] {
  const [resource] = group;
  const { within } = resource;
  const identity = resource.identity as readonly string[];
  const table = tableOf(provider, resource);
  const values = (row: 'old' | 'new') => identity.map((field) => `'${field}', ${valueSql(row, field)}`).join(', ');
  const resourceName = within === undefined ? `'${resource.name}'` : `new."${within.column}"`;
  const entry = (list: string) => `insert into identity_links (provider, resource, id, at, identities)
    values ('${provider}', ${resourceName}, new."${resource.key}", ${NOW}, json_array(${list}));`;
  const columns = [...new Set(identity.map((field) => `"${field.split('.')[0]}"`))].join(', ');
  const differs = identity.map((field) => `${valueSql('old', field)} is not ${valueSql('new', field)}`).join(' or ');
  // Groups may share a table.
  const name = within === undefined ? table : `${table}_${resource.name}`;
  const own = group.map((one) => ofResource(one, 'new.')).join(' or ');
  return [
    `create trigger "identity_${name}" after insert on "${table}" when ${own} begin ${entry(values('new'))} end;`,
    // Includes the old values: the entry of the insert may have been pruned.
    `create trigger "identity_${name}_changed" after update of ${columns} on "${table}" when (${own}) and (${differs}) begin
      ${entry(`${values('old')}, ${values('new')}`)} end;`,
  ];
}

/** The SQL of a field: a column, or a JSON column and a path, separated by dots. */
function valueSql(row: string, field: string): string {
  const [column, ...path] = field.split('.');
  const cell = `${row}."${column}"`;
  return path.length === 0 ? cell : `json_extract(${cell}, '$${path.map((name) => `."${name}"`).join('')}')`;
}

/** Deletes the links of a provider whose rows are about to be replaced, step by step. */
export function* clearLinks(db: Database, provider: string): Generator<void> {
  yield* deleteAll(db, 'identity_links', `provider = '${provider}'`);
  db.run('update identity_links_forgotten set links = 0 where provider = ?', provider);
}

/** The number of entries that have been pruned. */
export function forgottenLinks(db: Database): number {
  return db.get<{ links: number }>('select sum(links) as links from identity_links_forgotten')?.links as number;
}

/** A page of entries: those after one, and of these the ones whose `identities` are accepted as JSON. */
export interface LinksWanted {
  readonly after: number;
  readonly limit: number;
  readonly accept: (identities: string) => boolean;
}

/** Reads a page, oldest first; `last` is the end of the page, null after the last one. */
export function readLinks(
  db: Database,
  { after, limit, accept }: LinksWanted,
): { entries: IdentityEntry[]; last: number | null } {
  const last = db.once<{ last: number | null }>(
    'select max(seq) as last from (select seq from identity_links where seq > ? order by seq limit ?)',
    after,
    limit,
  )[0]?.last as number | null;
  if (last === null) return { entries: [], last };
  const rows = db.filter<Omit<IdentityEntry, 'identities'> & { identities: string }>(
    accept,
    `select provider, resource, id, at, identities from identity_links
      where seq > ? and seq <= ? and accepted(identities) order by seq`,
    after,
    last,
  );
  return { last, entries: rows.map((row) => ({ ...row, identities: pairsOf(JSON.parse(row.identities)) })) };
}

function pairsOf(list: readonly (string | number | null)[]): IdentityEntry['identities'] {
  const pairs: { field: string; value: string }[] = [];
  for (let n = 0; n < list.length; n += 2) {
    const value = list[n + 1];
    // Empty values identify no one, and would link all rows without a value.
    if (value !== null && value !== '') pairs.push({ field: String(list[n]), value: String(value) });
  }
  return pairs;
}
