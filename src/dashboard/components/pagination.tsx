// The pagination controls of a table.
import { paginate } from '../model/pagination.ts';

interface PagerProps {
  readonly what: string;
  readonly offset: number;
  readonly size: number;
  readonly total: number;
  onPage(offset: number): void;
}

/** The range shown, and the buttons for the other pages. */
export function Pagination({ what, offset, size, total, onPage }: PagerProps) {
  const { text, first, previous, next, last } = paginate(offset, size, total);
  const turn = (label: string, to: number | undefined) => (
    <button type="button" class="quiet" disabled={to === undefined} onClick={() => to !== undefined && onPage(to)}>
      {label}
    </button>
  );
  return (
    <nav class="pager" aria-label={`Pages of ${what}`}>
      <span class="figures">{text}</span>
      {total > size && (
        <>
          {turn('First', first)}
          {turn('Previous', previous)}
          {turn('Next', next)}
          {turn('Last', last)}
        </>
      )}
    </nav>
  );
}
