// Fixtures: reads and validates the rows of a new sandbox, and builds the image that sandboxes are cloned from.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addLedgerTriggers, addLinkTrigger, LEDGER_SCHEMA } from '../deletions/ledger.ts';
import type { Provider } from '../provider/provider.ts';
import { buildImage, type Database } from '../storage/database.ts';
import { diskErrorMessage } from '../storage/disk.ts';
import { identityLinksSchema } from '../storage/identity-links.ts';
import { insertRows, type RowError, type RowsByProvider, writeDocument } from '../storage/rows.ts';
import { LIFETIME_SCHEMA } from './lifetime.ts';

/** An invalid fixture; the message names file, row, field and reason. */
export class FixtureError extends Error {}

/** Loading progress: first the files are read, then their rows are stored. */
export interface LoadingProgress {
  readonly step: 'files' | 'rows';
  readonly done: number;
  readonly total: number;
}

/** Loaded fixtures, as the images that sandboxes are cloned from. */
export interface Fixtures {
  /** A SQLite database file as bytes, rows included. */
  readonly image: Buffer;
  /** The same without rows, but with keys and other settings. Built on first use. */
  readonly empty: Buffer;
  /** The schema version (`user_version`) of the images; a file with another version is not opened. */
  readonly version: number;
  /** Rows per provider and resource. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * Reads `<dir>/<provider>/<resource>.json` and the settings files beside them. A user's folder replaces the rows of
 * all providers; settings files it lacks come from `builtIn`.
 *
 * @param onLoading called with the progress from time to time
 * @throws FixtureError for the first invalid file or row
 */
export function loadFixtures(
  dir: string,
  builtIn: string,
  providers: readonly Provider[],
  onLoading?: (loading: LoadingProgress) => void,
): Fixtures {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    throw new FixtureError(`${dir} is not a folder; --fixtures takes one that holds <provider>/<resource>.json files.`);
  }
  const allRows: RowsByProvider = {};
  const documents: { provider: string; name: string; value: unknown }[] = [];
  const folders = new Set(providers.map((provider) => provider.name));
  const total = providers.reduce((files, { resources }) => files + resources.length, 0);
  let done = 0;
  rejectUnknownFiles(dir, folders, 'providers');
  for (const provider of providers) {
    const folder = join(dir, provider.name);
    const names = [...provider.resources.map((resource) => resource.name), ...Object.keys(provider.documents)];
    if (existsSync(folder)) rejectUnknownFiles(folder, new Set(names.map((name) => `${name}.json`)), 'files');
    const rows: RowsByProvider[string] = {};
    for (const resource of provider.resources) {
      onLoading?.({ step: 'files', done: done++, total });
      rows[resource.name] = readList(join(folder, `${resource.name}.json`));
    }
    allRows[provider.name] = rows;
    for (const [name, schema] of Object.entries(provider.documents)) {
      const own = join(folder, `${name}.json`);
      const path = existsSync(own) ? own : join(builtIn, provider.name, `${name}.json`);
      const checked = schema.safeParse(readJson(path));
      if (!checked.success) {
        const issue = checked.error.issues[0];
        throw new FixtureError(`${path}, field ${issue?.path.join('.') || '(whole file)'}: ${issue?.message}.`);
      }
      documents.push({ provider: provider.name, name, value: checked.data });
    }
  }
  return build(dir, providers, { allRows, documents, known: dir === builtIn, onLoading });
}

interface Loaded {
  readonly allRows: RowsByProvider;
  readonly documents: readonly { provider: string; name: string; value: unknown }[];
  /** The rows are the built-in ones, which tests check. */
  readonly known: boolean;
  readonly onLoading: ((loading: LoadingProgress) => void) | undefined;
}

function build(
  dir: string,
  providers: readonly Provider[],
  { allRows, documents, known, onLoading }: Loaded,
): Fixtures {
  const total = rowsIn(allRows);
  const schema = (db: Database) => {
    createSchema(db, providers);
    for (const { provider, name, value } of documents) writeDocument(db, provider, name, value);
  };
  const image = buildImage(
    (db) => {
      schema(db);
      try {
        insertRows(db, providers, allRows, {
          known,
          onRows: (done) => onLoading?.({ step: 'rows', done, total }),
        });
      } catch (error) {
        throw rowErrorMessage(dir, error as RowError);
      }
    },
    total > MANY_ROWS ? 'large' : 'small',
  );
  const counts = Object.fromEntries(
    Object.entries(allRows).map(([provider, resources]) => [
      provider,
      Object.fromEntries(Object.entries(resources).map(([name, rows]) => [name, rows.length])),
    ]),
  );
  let empty: Buffer | undefined;
  return {
    image,
    get empty() {
      empty ??= buildImage(schema);
      return empty;
    },
    version: schemaVersion(providers),
    counts,
  };
}

/** Above this count an image is larger than 1 MiB, at some 200 bytes a row with its indexes. */
const MANY_ROWS = 5000;

function rowsIn(allRows: RowsByProvider): number {
  const lists = Object.values(allRows).flatMap((resources) => Object.values(resources));
  return lists.reduce((rows, list) => rows + list.length, 0);
}

function rowErrorMessage(dir: string, { provider, resource, index, field, message }: RowError): FixtureError {
  const file = join(dir, provider, `${resource}.json`);
  return new FixtureError(`${file}, row ${index + 1}, field ${field || '(whole row)'}: ${message}.`);
}

const META_SCHEMA = `
create table meta (key text primary key, value integer) strict;
insert into meta (key, value) values ('clock_offset', 0), ('clock_frozen', null), ('id_counter', 0);
create table documents (provider text not null, name text not null, json text not null, primary key (provider, name)) strict;
${LIFETIME_SCHEMA}
`;

function createSchema(db: Database, providers: readonly Provider[]): void {
  db.execute(META_SCHEMA);
  db.execute(LEDGER_SCHEMA);
  for (const provider of providers) {
    db.execute(provider.schema);
    addLedgerTriggers(db, provider.name, provider.resources);
    for (const table of provider.links ?? []) addLinkTrigger(db, provider.name, table);
  }
  db.execute(identityLinksSchema(providers));
  db.execute(`pragma user_version = ${schemaVersion(providers)}`);
}

/** A hash of the schema, so that files written with another schema are recognised. */
function schemaVersion(providers: readonly Provider[]): number {
  const tables = providers.map((provider) => provider.schema);
  const text = [META_SCHEMA, LEDGER_SCHEMA, ...tables, identityLinksSchema(providers)].join('\n');
  return createHash('sha256').update(text).digest().readUInt32BE() & 0x7fffffff;
}

function rejectUnknownFiles(dir: string, known: ReadonlySet<string>, what: string): void {
  const unknown = withReadErrors(dir, () => readdirSync(dir)).find((name) => !known.has(name) && !name.startsWith('.'));
  if (unknown !== undefined) {
    throw new FixtureError(`${join(dir, unknown)} is not a known name here; the ${what} are ${[...known].join(', ')}.`);
  }
}

function readList(path: string): RowsByProvider[string][string] {
  const value = existsSync(path) ? readJson(path) : [];
  if (!Array.isArray(value)) throw new FixtureError(`${path} is not a list; a fixture file is a JSON array of rows.`);
  return value;
}

function readJson(path: string): unknown {
  const text = withReadErrors(path, () => readFileSync(path, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FixtureError(`${path} cannot be read as JSON: ${(error as Error).message}.`);
  }
}

function withReadErrors<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new FixtureError(`${path} cannot be read: ${diskErrorMessage(error as NodeJS.ErrnoException)}.`);
  }
}
