// Searches every text column of every resource for a person, and follows references to the person's rows.
import { setImmediate } from 'node:timers/promises';
import { type Pointer, pointersOf } from '../provider/ownership.ts';
import type { Provider } from '../provider/provider.ts';
import { columnsOf, type Resource, removalPath, tableOf } from '../provider/resource.ts';
import type { Row } from '../row.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../storage/database.ts';
import type { Findings } from './erasure-findings.ts';
import { type Match, type Subjects, stringsIn } from './erasure-subjects.ts';

/** Rows searched before yielding to the event loop. */
const PAGE = 5000;

/** How to search a table; derived from the schema, so that no column is missed. */
interface Plan {
  readonly provider: Provider;
  readonly resource: Resource;
  readonly table: string;
  readonly texts: readonly string[];
  readonly json: ReadonlySet<string>;
  readonly pointers: ReadonlyMap<string, Pointer>;
  readonly sql: string;
}

/** Keys of the subjects' rows by `table.column`, each with the request that removes the row. */
type Followed = ReadonlyMap<string, Map<string, string>>;

/** Searches all rows of all providers; settings objects are not searched, since they belong to no person. */
export async function searchState(
  sandbox: Sandbox,
  providers: readonly Provider[],
  subjects: Subjects,
  findings: Findings,
): Promise<void> {
  const { needles } = subjects;
  const plans = providers.flatMap((provider) =>
    provider.resources.map((resource) => planOf(sandbox.db, provider, resource, needles.length)),
  );
  const followed: Followed = new Map(
    plans.flatMap(({ pointers }) => [...pointers.values()].map(({ target }) => [target, new Map<string, string>()])),
  );
  for (const plan of plans) {
    findings.resources += 1;
    let after = Number.MIN_SAFE_INTEGER;
    for (let rows = PAGE; rows === PAGE; ) {
      // Read again for each page, since a reset replaces the database.
      const { db } = sandbox;
      const page = db.once<{ last: number | null; rows: number }>(
        `select max(seq) as last, count(*) as rows from (select seq from "${plan.table}" where seq > ? order by seq limit ?)`,
        after,
        PAGE,
      )[0] as { last: number | null; rows: number };
      const keys = [...plan.pointers.values()].map(({ target }) =>
        JSON.stringify([...keysOf(followed, target).keys()]),
      );
      for (const row of db.once(plan.sql, after, PAGE, ...needles, ...keys)) {
        judge(plan, row, subjects, followed, findings);
      }
      rows = page.rows;
      findings.rows += rows;
      after = page.last ?? after;
      await setImmediate();
    }
  }
}

function planOf(db: Database, provider: Provider, resource: Resource, needles: number): Plan {
  const table = tableOf(provider.name, resource);
  const kinds = columnsOf(resource);
  const texts = db
    .pragma<{ name: string; type: string }>(`table_info("${table}")`)
    .filter(({ type }) => type.toUpperCase() === 'TEXT')
    .map(({ name }) => name);
  const pointers = pointersOf(db, provider, resource);
  const conditions = [
    ...Array.from({ length: needles }, () => 'instr(hay, ?)'),
    ...pointers.map(({ column }) => `"${column}" in (select value from json_each(?))`),
  ];
  const columns = ['seq', ...pointers.map(({ column }) => `"${column}"`)].join(', ');
  // The limit keeps SQLite from flattening the subquery and calling lower() again for every needle.
  const sql = `select * from "${table}" where seq in (
    select seq from (
      select ${columns}, lower(concat_ws(char(10), ${texts.map((name) => `"${name}"`).join(', ')})) as hay
      from "${table}" where seq > ? order by seq limit ?
    ) where ${conditions.join(' or ')}
  ) order by seq`;
  return {
    provider,
    resource,
    table,
    texts,
    json: new Set(texts.filter((name) => kinds.get(name) === 'json')),
    pointers: new Map(pointers.map((pointer) => [pointer.column, pointer])),
    sql,
  };
}

/** Adds the residues of a row, and if the row belongs to a subject, its keys to `followed`. */
function judge(plan: Plan, row: Row, subjects: Subjects, followed: Followed, findings: Findings): void {
  const { provider, resource, table, texts, json, pointers } = plan;
  const removal = callOf(provider, resource.removal, row);
  const points = ({ column, target }: Pointer) => keysOf(followed, target).get(row[column] as string);
  const own =
    (resource.identity ?? []).some((column) => row[column] !== null && subjects.include(row[column] as string)) ||
    [...pointers.values()].some((pointer) => pointer.tie === 'owned' && points(pointer) !== undefined);
  if (own) {
    for (const [target, keys] of followed) {
      const column = target.slice(table.length + 1);
      if (target === `${table}.${column}`) keys.set(row[column] as string, removal);
    }
  }
  const note = (field: string, match: Match, erasableBy: string) =>
    findings.add({
      provider: provider.name,
      resource: resource.name,
      id: row[resource.key] as string,
      field,
      match,
      erasableBy,
    });
  for (const name of texts) {
    const value = row[name] as string | null;
    if (value === null) continue;
    if (json.has(name)) {
      for (const { field, text } of stringsIn(JSON.parse(value), name)) {
        const match = subjects.match(text);
        if (match !== null) note(field, match, removal);
      }
      continue;
    }
    const pointer = pointers.get(name);
    const owner = pointer && points(pointer);
    const direct = subjects.match(value);
    const match = owner !== undefined && direct !== 'exact' ? 'reference' : direct;
    if (match === null) continue;
    if (pointer?.tie === 'loose' && match === 'reference') note(name, match, owner as string);
    else if (pointer?.tie === 'detached') note(name, match, callOf(provider, pointer.removal, row));
    else note(name, match, removal);
  }
}

function keysOf(followed: Followed, target: string): Map<string, string> {
  return followed.get(target) as Map<string, string>;
}

function callOf({ mount, base }: Provider, path: string, row: Row): string {
  return `DELETE ${removalPath(path, mount + base, row)}`;
}
