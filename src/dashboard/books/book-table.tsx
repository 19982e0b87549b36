// A table of the books: texts, and amounts in columns of figures; a row may lead to a record.
import { money, type Shown } from '../model/company-record.ts';
import { routeHash } from '../model/route.ts';

/** What a cell shows; nothing where it is null or missing. */
type Cell = string | Shown | null | undefined;

interface BookRow {
  readonly key: string;
  /** The record that the first cell leads to. */
  readonly to?: string | undefined;
  /** How far it is indented. */
  readonly depth?: number;
  readonly cells: readonly Cell[];
}

interface BookTableProps {
  readonly endUserId: string;
  /** What it shows, for its accessible name. */
  readonly name: string;
  /** Those of figures begin with `#`; those left out on narrow screens with `?`. */
  readonly columns: readonly string[];
  readonly rows: readonly BookRow[];
}

/** The table. */
export function BookTable({ endUserId, name, columns, rows }: BookTableProps) {
  const isFigure = (index: number) => columns[index]?.startsWith('#') === true;
  const classOf = (index: number) =>
    isFigure(index) ? 'amount' : columns[index]?.startsWith('?') === true ? 'minor' : undefined;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
    <section class="table-box plain" aria-label={`${name}, table`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" class={classOf(index)}>
                {column.replace(/^[#?]/, '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, to, depth, cells: [first, ...others] }) => (
            <tr key={key}>
              <th scope="row" data-depth={depth}>
                <CellText endUserId={endUserId} cell={to === undefined ? first : { text: String(first), to }} />
              </th>
              {others.map((cell, index) => (
                <td key={columns[index + 1]} class={classOf(index + 1)}>
                  <CellText
                    endUserId={endUserId}
                    cell={isFigure(index + 1) && typeof cell === 'string' ? money(cell) : cell}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A text, or a link to the record it names. */
export function CellText({ endUserId, cell }: { endUserId: string; cell: Cell }) {
  if (typeof cell !== 'object' || cell === null) return cell;
  const { text, to } = cell;
  return to === undefined ? text : <a href={routeHash('books', endUserId, 'record', to)}>{text}</a>;
}
