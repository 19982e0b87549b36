// Identity links: which identity values were seen together on one row, kept by triggers also after the row is gone.
import { type Resource, tableOf } from '../provider/resource.ts';
import type { Cell } from '../row.ts';
import type { Database } from './database.ts';

/** How many entries a sandbox keeps; an entry is about 100 bytes. The oldest go first, and are counted. */
export const MAX_LINKS = 250_000;
/** The oldest go so many at a time: finding where to cut means counting all of them. */
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

/** Sandbox time, from the rows the sandbox's clock is kept in. */
const NOW = `coalesce(
    (select value from meta where key = 'clock_frozen'),
    cast(round(unixepoch('subsec') * 1000) as integer) + (select value from meta where key = 'clock_offset')
  )`;

/** One row of a resource, as it was when it was written: its key, and the identity values it had. */
export interface IdentityEntry {
  readonly provider: string;
  readonly resource: string;
  readonly id: string;
  /** Sandbox time in milliseconds. */
  readonly at: number;
  readonly identities: readonly { readonly field: string; readonly value: string }[];
}

/** The tables and triggers that write the links of these providers, as SQL. They go after the providers' own tables. */
export function identityLinksSchema(
  providers: readonly { readonly name: string; readonly resources: readonly Resource[] }[],
): string {
  const parts = providers.flatMap(({ name, resources }) => [
    `insert into identity_links_forgotten (provider, links) values ('${name}', 0);`,
    ...resources.flatMap((resource) => triggersOf(name, resource)),
  ]);
  return [LINKS_SCHEMA, ...parts].join('\n');
}

/** One entry an insert, and one an update that changes an identity; a delete writes nothing and forgets nothing. */
function triggersOf(provider: string, resource: Resource): string[] {
  const { identity = [] } = resource;
  if (identity.length === 0) return [];
  const table = tableOf(provider, resource);
  const values = (row: 'old' | 'new') => identity.map((field) => `'${field}', ${valueSql(row, field)}`).join(', ');
  const entry = (list: string) => `insert into identity_links (provider, resource, id, at, identities)
    values ('${provider}', '${resource.name}', new."${resource.key}", ${NOW}, json_array(${list}));`;
  const columns = [...new Set(identity.map((field) => `"${field.split('.')[0]}"`))].join(', ');
  const differs = identity.map((field) => `${valueSql('old', field)} is not ${valueSql('new', field)}`).join(' or ');
  return [
    `create trigger "identity_${table}" after insert on "${table}" begin ${entry(values('new'))} end;`,
    // The old values too: what was written at the insert may be forgotten by now.
    `create trigger "identity_${table}_changed" after update of ${columns} on "${table}" when ${differs} begin
      ${entry(`${values('old')}, ${values('new')}`)} end;`,
  ];
}

/** A field is a column, or a column of JSON and the way in it, with dots between. */
function valueSql(row: string, field: string): string {
  const [column, ...path] = field.split('.');
  const cell = `${row}."${column}"`;
  return path.length === 0 ? cell : `json_extract(${cell}, '$${path.map((name) => `."${name}"`).join('')}')`;
}

/** Forgets a provider's links on purpose: its rows are about to be replaced. */
export function clearLinks(db: Database, provider: string): void {
  db.run('delete from identity_links where provider = ?', provider);
  db.run('update identity_links_forgotten set links = 0 where provider = ?', provider);
}

/** How many entries had to go to make room. */
export function forgottenLinks(db: Database): number {
  return db.get<{ links: number }>('select sum(links) as links from identity_links_forgotten')?.links as number;
}

/** Which entries are wanted: `condition` is on the column `identities`, `tables` what it looks into. */
export interface LinksWanted {
  readonly after: number;
  readonly limit: number;
  readonly tables: string;
  readonly condition: string;
  readonly values: readonly Cell[];
}

/** A page of entries, oldest first; `last` is where the page ends, null behind the last one. */
export function readLinks(
  db: Database,
  { after, limit, tables, condition, values }: LinksWanted,
): { entries: IdentityEntry[]; last: number | null } {
  const last = db.once<{ last: number | null }>(
    'select max(seq) as last from (select seq from identity_links where seq > ? order by seq limit ?)',
    after,
    limit,
  )[0]?.last as number | null;
  if (last === null) return { entries: [], last };
  const rows = db.once<Omit<IdentityEntry, 'identities'> & { identities: string }>(
    `with ${tables} select provider, resource, id, at, identities from identity_links
      where seq > ? and seq <= ? and ${condition} order by seq`,
    ...values,
    after,
    last,
  );
  return { last, entries: rows.map((row) => ({ ...row, identities: pairsOf(JSON.parse(row.identities)) })) };
}

function pairsOf(list: readonly (string | number | null)[]): IdentityEntry['identities'] {
  const pairs: { field: string; value: string }[] = [];
  for (let n = 0; n < list.length; n += 2) {
    const value = list[n + 1];
    // An empty value is nobody's, and would tie all who have none.
    if (value !== null && value !== '') pairs.push({ field: String(list[n]), value: String(value) });
  }
  return pairs;
}
