// The rows of a sandbox as JSON text, read in slices: other requests are served in between.
import type { Provider } from '../core/provider/provider.ts';
import { fromCells, type Resource, rowsSql } from '../core/provider/resource.ts';
import type { Database } from '../core/storage/database.ts';
import { readDocuments } from '../core/storage/rows.ts';
import { Slices } from '../core/storage/slices.ts';
import { rowsInOrder } from '../core/storage/table-rows.ts';

/** Length of a chunk, in characters. */
const CHUNK = 64 * 1024;

/** A member of a provider's object: its name, and its JSON text in chunks. */
export type TextMember = readonly [name: string, text: AsyncIterable<string> | Iterable<string>];

/** The state as JSON text in chunks, from a private copy, which is closed at the end. `only` selects one resource. */
export async function* stateText(
  db: Database,
  providers: readonly Provider[],
  only: string | undefined,
): AsyncGenerator<string> {
  const slices = new Slices(64);
  try {
    yield* objectText(providers, (provider) => [
      ...provider.resources
        .filter(({ name }) => only === undefined || name === only)
        .map((resource): TextMember => [resource.name, rowsText(db, provider, resource, slices)]),
      ...(only === undefined ? documentsOf(db, provider) : []),
    ]);
  } finally {
    db.close();
  }
}

/** An object of each provider's members as JSON text. */
export async function* objectText(
  providers: readonly Provider[],
  membersOf: (provider: Provider) => readonly TextMember[],
): AsyncGenerator<string> {
  yield '{';
  for (const [at, provider] of providers.entries()) {
    yield `${at === 0 ? '' : ','}${JSON.stringify(provider.name)}:{`;
    for (const [index, [name, text]] of membersOf(provider).entries()) {
      yield `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;
      yield* text;
    }
    yield '}';
  }
  yield '}';
}

/** The rows of a resource with a `seq` above `after` as JSON text, oldest first. */
export async function* rowsText(
  db: Database,
  provider: Provider,
  resource: Resource,
  slices: Slices,
  after?: number,
): AsyncGenerator<string> {
  let text = '[';
  let comma = '';
  for (const row of rowsInOrder(db, rowsSql(provider.name, resource), after)) {
    text += comma + JSON.stringify(fromCells(resource, row));
    comma = ',';
    if (text.length > CHUNK) {
      yield text;
      text = '';
    }
    if (slices.over()) await slices.next();
  }
  yield `${text}]`;
}

function documentsOf(db: Database, provider: Provider): TextMember[] {
  return Object.entries(readDocuments(db, provider)).map(([name, value]) => [name, [JSON.stringify(value)]]);
}
