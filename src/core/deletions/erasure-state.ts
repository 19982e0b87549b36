// Searches every text column of every resource for a person, and follows references to the person's rows.
import { setImmediate } from 'node:timers/promises';
import { type Pointer, pointersOf } from '../provider/ownership.ts';
import type { Provider } from '../provider/provider.ts';
import { columnsOf, fieldValue, isFreeForm, isHidden, type Resource, rowsSql, tableOf } from '../provider/resource.ts';
import type { Row } from '../row.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../storage/database.ts';
import { type Findings, foundAs } from './erasure-findings.ts';
import type { Matched, Subjects } from './erasure-subjects.ts';
import { stringsIn } from './json-strings.ts';
import { nameForms } from './name-forms.ts';

/** The most rows searched before yielding to the event loop, and how many at first. */
const MOST_ROWS = 5000;
const FIRST_ROWS = 10;
/** How long to search before yielding to the event loop, in milliseconds: long texts make smaller pages. */
const TURN = 20;

/** A table to search; derived from the schema, so that no column is missed. */
export interface SearchedTable {
  readonly provider: Provider;
  readonly resource: Resource;
  readonly table: string;
  /** What to select its rows from, as SQL. */
  readonly source: string;
  readonly texts: readonly string[];
  readonly pointers: readonly Pointer[];
}

/** The row of a residue, and the column whose target's removal clears the residue too. */
export interface Evidence {
  readonly searched: SearchedTable;
  readonly row: Row;
  readonly clearedWith: Pointer | null;
}

/** Keys of the subjects' rows: `followed` by `table.column` that other rows refer to, `rows` by table. */
export interface OwnRows {
  readonly followed: ReadonlyMap<string, Set<string>>;
  readonly rows: Map<string, Set<string>>;
}

/** The tables of all providers, owners before what they own. */
export function searchedTables(db: Database, providers: readonly Provider[]): SearchedTable[] {
  // Many resources may share a table.
  const known = new Map<string, { name: string; type: string }[]>();
  return providers.flatMap((provider) =>
    provider.resources.map((resource) => {
      const table = tableOf(provider.name, resource);
      const columns = known.get(table) ?? db.pragma(`table_info("${table}")`);
      known.set(table, columns);
      const texts = columns
        .filter(({ name, type }) => type.toUpperCase() === 'TEXT' && name !== resource.within?.column)
        .map(({ name }) => name);
      return {
        provider,
        resource,
        table,
        source: rowsSql(provider.name, resource),
        texts,
        pointers: pointersOf(db, provider, resource),
      };
    }),
  );
}

/** Searches all rows of all providers, and returns the subjects' own rows. Settings objects belong to no person. */
export async function searchState(
  sandbox: Sandbox,
  tables: readonly SearchedTable[],
  subjects: Subjects,
  findings: Findings<Evidence>,
): Promise<OwnRows> {
  const targets = tables.flatMap(({ pointers }) => pointers.map(({ target }) => target));
  const own: OwnRows = { followed: new Map(targets.map((target) => [target, new Set()])), rows: new Map() };
  for (const searched of tables) {
    findings.resources += 1;
    const sql = selectionOf(searched);
    let after = Number.MIN_SAFE_INTEGER;
    for (let limit = FIRST_ROWS, more = true; more; ) {
      const began = performance.now();
      // Read again for each page, since a reset replaces the database.
      const { db } = sandbox;
      const page = db.once<{ last: number | null; rows: number }>(
        `select max(seq) as last, count(*) as rows from (select seq from ${searched.source} where seq > ? order by seq limit ?)`,
        after,
        limit,
      )[0] as { last: number | null; rows: number };
      if (page.rows === 0) break;
      const keys = searched.pointers.map(({ target }) => JSON.stringify([...followed(own, target)]));
      const accept = (texts: string) => subjects.mayBeIn(texts);
      for (const row of db.filter<Row>(accept, sql, after, limit, ...keys)) {
        judge(searched, row, subjects, own, findings);
      }
      findings.rows += page.rows;
      after = page.last as number;
      more = page.rows === limit;
      const inTurn = Math.ceil((limit * TURN) / (performance.now() - began));
      limit = Math.min(MOST_ROWS, limit * 4, inTurn);
      await setImmediate();
    }
  }
  return own;
}

/** Selects the rows of a page that may contain a name or refer to a subject's row. */
function selectionOf({ source, texts, pointers }: SearchedTable): string {
  const conditions = [
    'accepted(hay)',
    ...pointers.map(({ column }) => `"${column}" in (select value from json_each(?))`),
  ];
  const columns = ['seq', ...pointers.map(({ column }) => `"${column}"`)].join(', ');
  return `select * from ${source} where seq in (
    select seq from (
      select ${columns}, concat_ws(char(10), ${texts.map((name) => `"${name}"`).join(', ')}) as hay
      from ${source} where seq > ? order by seq limit ?
    ) where ${conditions.join(' or ')}
  ) order by seq`;
}

/** Adds the residues of a row, and if the row belongs to a subject, its keys to `own`. */
function judge(
  searched: SearchedTable,
  row: Row,
  subjects: Subjects,
  own: OwnRows,
  findings: Findings<Evidence>,
): void {
  const { provider, resource, table, source, pointers } = searched;
  const points = ({ column, target }: Pointer) => followed(own, target).has(row[column] as string);
  const identities = (resource.identity ?? []).flatMap((field) => fieldValue(row, field) ?? []);
  const persons = identities.some((value) => subjects.include(value));
  if (persons || pointers.some((pointer) => pointer.tie === 'owned' && points(pointer))) {
    for (const [target, keys] of own.followed) {
      const column = target.slice(table.length + 1);
      if (target === `${table}.${column}`) keys.add(row[column] as string);
    }
  }
  const key = row[resource.key] as string;
  const note = (field: string, found: Matched | null, clearedWith: Pointer | null) => {
    const place = { provider: provider.name, resource: resource.name, id: key, field };
    const evidence = found?.match === 'inside' ? null : { searched, row, clearedWith };
    findings.add({ ...place, ...foundAs(found) }, null, evidence);
  };
  const names = matchNames(searched, row, subjects);
  for (const [field, found] of names.together) note(field, found, null);
  for (const { column, field, found } of matchTexts(searched, row, subjects)) {
    const pointer = pointers.find((one) => one.column === column);
    if (pointer === undefined) {
      if (found !== null) note(field, found, null);
      continue;
    }
    // A key without a foreign key outlives its target, so it is a mere reference only when it is no name itself.
    const decisive = found !== null && found.match !== 'inside';
    const refers = points(pointer) && (pointer.tie === 'loose' ? !decisive : found?.match !== 'exact');
    if (refers) note(field, null, pointer.tie === 'owned' ? null : pointer);
    else if (found !== null) note(field, found, pointer.tie === 'detached' ? pointer : null);
  }
  const named = [...identities, key].map((value) => subjects.match(value)).some((found) => found?.named === true);
  if (named || names.any) own.rows.set(source, (own.rows.get(source) ?? new Set()).add(key));
}

/** The texts of a row that match; pointer columns are included without a match. */
function* matchTexts({ resource, texts, pointers }: SearchedTable, row: Row, subjects: Subjects) {
  const kinds = columnsOf(resource);
  for (const column of texts) {
    const value = row[column] as string | null;
    if (value === null) continue;
    if (kinds.get(column) === 'json') {
      for (const { field, text, number } of stringsIn(JSON.parse(value), column, isFreeForm(resource, column))) {
        if (isHidden(resource, field)) continue;
        const found = subjects.match(text, number);
        if (found !== null) yield { column, field, found };
      }
      continue;
    }
    const found = subjects.match(value);
    if (found !== null || pointers.some((pointer) => pointer.column === column)) yield { column, field: column, found };
  }
}

/** Whether a row has the name of a subject, and the names that match only across several columns. */
function matchNames({ resource }: SearchedTable, row: Row, subjects: Subjects) {
  const together: [string, Matched][] = [];
  let any = false;
  for (const columns of resource.names ?? []) {
    const values = columns.map((column) => fieldValue(row, column) ?? '');
    const alone = values.map((value) => subjects.match(value)).some((found) => found?.named === true);
    const [found] =
      alone || columns.length === 1 ? [] : nameForms(values).flatMap((form) => subjects.match(form) ?? []);
    if (found !== undefined) together.push([columns.join(' + '), found]);
    any ||= alone || found?.named === true;
  }
  return { together, any };
}

function followed(own: OwnRows, target: string): Set<string> {
  return own.followed.get(target) as Set<string>;
}
