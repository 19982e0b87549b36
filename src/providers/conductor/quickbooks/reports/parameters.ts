// Parameters of reports: which postings are asked for, and what would have to be invented.
import type { Cell } from '../../../../core/row.ts';
import { invalid } from '../../errors.ts';
import type { CompanyFile, Json } from '../company-file.ts';
import { CODES, missed, refusal } from '../failures.ts';
import { requireAll } from '../filters.ts';
import { camelCase, feedName, PUBLISHED_OPERATIONS } from '../operations.ts';
import { ITEMS, NAMES } from '../references.ts';
import { idsOfKind } from './kinds.ts';

/** Parameters by which postings are chosen: a kind, ids or full names, of which one may be given (documented). */
const CHOICES = [
  { kind: 'accountType', ids: 'accountIds', names: 'accountFullNames', column: 'account', of: ['accounts'] },
  { kind: 'entityType', ids: 'entityIds', names: 'entityFullNames', column: 'entity', of: NAMES },
  { kind: 'itemType', ids: 'itemIds', names: 'itemFullNames', column: 'item', of: ITEMS },
  { kind: 'classType', ids: 'classIds', names: 'classFullNames', column: 'class', of: ['classes'] },
] as const;

/** Parameters with the values that change nothing in what Understudy computes. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly string[]>> = {
  basis: ['none', 'accrual'],
  detailLevel: ['all'],
  postingStatus: ['either', 'posting'],
  reportCalendar: ['fiscal_year'],
  rowsToReturn: ['active_only', 'non_zero'],
  columnsToReturn: ['active_only', 'non_zero', 'all'],
  summarizeColumnsBy: ['total_only'],
  accountsToInclude: ['in_use'],
  openBalanceAsOf: ['report_end_date', 'today'],
};
/** Parameters that every report here understands. */
const UNDERSTOOD = ['reportType', 'reportDateFrom', 'reportDateTo', 'reportDateMacro', 'transactionTypes', 'agingAsOf'];

/**
 * Refuses what a report would have to invent: parameters that are not emulated.
 *
 * @throws Failure 1030 for one of them, PARAMETER_INVALID for filters that exclude each other
 */
export function requireUnderstood(query: Json, more: readonly string[]): void {
  for (const { kind, ids, names } of CHOICES) {
    const given = [kind, ids, names].filter((name) => query[name] !== undefined);
    if (given.length > 1) throw invalid(`Invalid input: only one of ${given.join(', ')} may be given at "${given[1]}"`);
  }
  const names = new Set<string>([
    ...UNDERSTOOD,
    ...more,
    ...CHOICES.flatMap(({ kind, ids, names }) => [kind, ids, names]),
  ]);
  for (const [name, value] of Object.entries(query)) {
    if (names.has(name) || WITHOUT_EFFECT[name]?.includes(value as string) === true) continue;
    throw refusal(CODES.unsupported, `Understudy does not emulate "${name}=${String(value)}" of reports.`);
  }
}

/**
 * The conditions on postings that a report asks for, and their values.
 *
 * @throws Failure 500 for a name or id of nothing
 */
export function conditionsOf(file: CompanyFile, query: Json): { sql: string[]; values: Cell[] } {
  const [sql, values]: [string[], Cell[]] = [[], []];
  const among = (column: string, allowed: readonly string[]) => {
    sql.push(`${column} in (select value from json_each(?))`);
    values.push(JSON.stringify(allowed));
  };
  for (const { kind, ids, names, column, of } of CHOICES) {
    const name = [kind, ids, names].find((one) => query[one] !== undefined);
    if (name !== undefined) among(column, chosen(file, query[name], { name, kind, names, of }));
  }
  const types = query.transactionTypes as string[] | undefined;
  if (types !== undefined && !types.includes('all')) {
    const paths = new Set(PUBLISHED_OPERATIONS.map(({ resource }) => resource));
    among('resource', [...paths].filter((path) => types.includes(feedName(path))).map(camelCase));
  }
  return { sql, values };
}

interface Choice {
  readonly name: string;
  readonly kind: string;
  readonly names: string;
  readonly of: readonly string[];
}

function chosen(file: CompanyFile, value: unknown, { name, kind, names, of }: Choice): string[] {
  if (name === kind) return idsOfKind(file, name, String(value));
  if (name !== names) {
    requireAll(file, value as string[], of);
    return value as string[];
  }
  return (value as string[]).flatMap((label) => {
    const rows = file.db.all<{ id: string }>(
      `select id from conductor_quickbooksObjects where endUserId = ? and label = ? collate nocase
       and resource in (select value from json_each(?))`,
      file.endUserId,
      label,
      JSON.stringify(of.map(camelCase)),
    );
    if (rows.length === 0) throw missed(label);
    return rows.map(({ id }) => id);
  });
}
