// Reports in short, as tests compare them.
import type { Books, Json } from './books.ts';

/** The rows of a report in short: text, or its kind and its values from left to right. */
export const rowsOf = ({ rows }: Json): unknown[] =>
  rows.map(({ kind, text, cells }: Json) =>
    kind === 'text' ? text : [kind, ...cells.map(({ value }: Json) => value)],
  );

/** The rows of a report in short. */
export const rows = async (books: Books, query: string) => rowsOf(await books.get(`reports/${query}`));

/** The address of a summary. */
export const summary = (type: string, more = '') => `general-summary?reportType=${type}${more}`;

/** The address of a detail report. */
export const detail = (type: string, more = '') => `general-detail?reportType=${type}${more}`;
