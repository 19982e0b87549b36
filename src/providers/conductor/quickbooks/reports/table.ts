// The table of a report: columns from left to right, rows of text, data, subtotals and a total, sparse cells.
import type { Json } from '../company-file.ts';

/** A column: what it holds, its title and the kind of its values. */
export interface Column {
  readonly type: string;
  readonly title: string | null;
  readonly dataType: 'string' | 'amount' | 'date' | 'quantity';
}

/** Values by the type of their column; what is left out has no cell. */
export type Cells = Readonly<Record<string, string | null | undefined>>;

/** A report in the making. */
export class ReportTable {
  readonly #columns: readonly Column[];
  readonly #rows: Json[] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  /** A row of text, such as the name of a group. */
  text(text: string): void {
    this.#rows.push({ kind: 'text', rowNumber: this.#rows.length + 1, text });
  }

  /** A row with values. `of` is what it is about, e.g. `['account', 'Checking']`. */
  row(kind: 'data' | 'subtotal' | 'total', of: readonly [string, string] | null, cells: Cells): void {
    const shown = this.#columns.flatMap(({ type, dataType }, n) => {
      const value = cells[type];
      return value === undefined || value === null ? [] : [{ columnId: String(n + 1), value, dataType }];
    });
    const rowDescriptor = of === null ? null : { type: of[0], value: of[1] };
    this.#rows.push({ kind, rowNumber: this.#rows.length + 1, rowDescriptor, cells: shown });
  }

  /** The report as the response shows it. */
  report(about: {
    readonly category: string;
    readonly reportType: string;
    readonly title: string;
    readonly subtitle: string;
  }): Json {
    return {
      objectType: 'qbd_report',
      ...about,
      basis: 'accrual',
      rowCount: this.#rows.length,
      columnCount: this.#columns.length,
      columnTitleRowCount: 1,
      columns: this.#columns.map(({ type, title, dataType }, n) => ({
        columnId: String(n + 1),
        columnType: type,
        dataType,
        titles: [{ rowNumber: 1, value: title }],
      })),
      rows: this.#rows,
    };
  }
}
