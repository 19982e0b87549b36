// A page of many: what is shown of it, and where the other pages begin.
import { number } from './format.ts';

/** Where a page stands among all. */
export interface Pagination {
  /** `1–50 of 1,204`; `none` where there is nothing. */
  readonly text: string;
  /** Where the pages before and after begin; undefined where there are none. */
  readonly first: number | undefined;
  readonly previous: number | undefined;
  readonly next: number | undefined;
  readonly last: number | undefined;
}

/** The pager of a page that begins at `offset` and shows up to `size` of `total`. */
export function paginate(offset: number, size: number, total: number): Pagination {
  const end = Math.min(offset + size, total);
  const last = Math.max(0, Math.ceil(total / size) - 1) * size;
  return {
    text: total === 0 ? 'none' : `${number(offset + 1)}–${number(end)} of ${number(total)}`,
    first: offset > size ? 0 : undefined,
    previous: offset > 0 ? Math.max(0, offset - size) : undefined,
    next: end < total ? offset + size : undefined,
    last: last > offset + size ? last : undefined,
  };
}

/** The offset to go on with when rows went meanwhile: one that still shows some. */
export function clampOffset(offset: number, size: number, total: number): number {
  return offset < total || offset === 0 ? offset : Math.max(0, Math.ceil(total / size) - 1) * size;
}
