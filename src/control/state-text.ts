// The state of a large sandbox as JSON text, read from a copy in slices: other requests are served in between.
import type { Provider } from '../core/provider/provider.ts';
import { fromCells, tableOf } from '../core/provider/resource.ts';
import { type Database, openClone } from '../core/storage/database.ts';
import { readDocuments } from '../core/storage/rows.ts';
import { Slices } from '../core/storage/slices.ts';
import { rowsInOrder } from '../core/storage/table-rows.ts';

/** From this size on, in bytes, a database is read in slices. */
const LARGE = 4 * 1024 * 1024;
/** Length of a chunk, in characters. */
const CHUNK = 64 * 1024;

/** Whether the state of a database is too large to be read at once. */
export function isLarge(db: Database): boolean {
  const size = db.get<{ size: number }>(
    'select page_count * page_size as size from pragma_page_count, pragma_page_size',
  );
  return (size as { size: number }).size > LARGE;
}

/** The state as JSON text in chunks, as of the call: later writes are not in it. `only` selects one resource. */
export async function* stateText(
  db: Database,
  providers: readonly Provider[],
  only: string | undefined,
): AsyncGenerator<string> {
  const copy = openClone(db.serialize());
  const slices = new Slices(64);
  try {
    for (const [at, provider] of providers.entries()) {
      yield `${at === 0 ? '{' : ','}${JSON.stringify(provider.name)}:{`;
      let comma = '';
      for (const resource of provider.resources.filter(({ name }) => only === undefined || name === only)) {
        yield `${comma}${JSON.stringify(resource.name)}:[`;
        comma = ',';
        let text = '';
        let rowComma = '';
        for (const row of rowsInOrder(copy, tableOf(provider.name, resource))) {
          text += rowComma + JSON.stringify(fromCells(resource, row));
          rowComma = ',';
          if (text.length > CHUNK) {
            yield text;
            text = '';
          }
          if (slices.over()) await slices.next();
        }
        yield text;
        yield ']';
      }
      const documents = only === undefined ? JSON.stringify(readDocuments(copy, provider)).slice(1, -1) : '';
      yield `${documents === '' ? '' : comma}${documents}}`;
    }
    yield '}';
  } finally {
    copy.close();
  }
}
