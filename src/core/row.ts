// A stored row: its cells by column name, as SQLite holds them.

/** A value SQLite stores. */
export type Cell = string | number | null;

/** A row as SQLite returns it. */
export type Row = Record<string, Cell>;
