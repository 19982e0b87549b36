// Types of stored rows: cells by column name, as SQLite returns them.

/** A value SQLite stores. */
export type Cell = string | number | null;

/** A row as SQLite returns it. */
export type Row = Record<string, Cell>;
