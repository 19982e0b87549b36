// Pagination: the range shown, and the offsets of the other pages.
import { number } from './format.ts';

/** A page's range, and the offsets of the others. */
export interface Pagination {
  /** `1–50 of 1,204`; `none` where there is nothing. */
  readonly text: string;
  /** Offsets of the other pages; undefined where there are none. */
  readonly first: number | undefined;
  readonly previous: number | undefined;
  readonly next: number | undefined;
  readonly last: number | undefined;
}

/** The pagination of a page that begins at `offset` and shows up to `size` of `total` rows. */
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

/** The offset, or that of the last page where rows were deleted and the offset is past the end. */
export function clampOffset(offset: number, size: number, total: number): number {
  return offset < total || offset === 0 ? offset : Math.max(0, Math.ceil(total / size) - 1) * size;
}
