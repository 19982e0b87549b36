// One entry of the table of resources: what a kind of QuickBooks object has that others have not.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import type { Schema } from './contract.ts';

/** What a reference may point at: the resources of its target, and a condition on the target's body. */
export interface Target {
  readonly resources: readonly string[];
  readonly accepts?: (body: Json) => boolean;
}

/** A write in progress. Rules may change `record`, and refuse by throwing. */
export interface Draft {
  readonly file: CompanyFile;
  readonly entry: ResourceEntry;
  /** The object's id, also of one that is being created. */
  readonly id: string;
  /** The body of the request, with the defaults of the contract. */
  readonly request: Json;
  /** The object in the API's own words, sparse, references as `{id}`. */
  readonly record: Json;
  /** The object as it was; null on create. */
  readonly before: StoredObject | null;
}

/** Bodies that work in a file which has an object of every resource before this one in the table. */
export interface Example {
  readonly create?: Json;
  readonly update?: Json;
  readonly query?: Readonly<Record<string, string>>;
  /** The id of a retrieve, where rows are computed. */
  readonly id?: string;
}

/** What a list of one family can be filtered by, beyond the filters that all have: an SQL condition on `object`. */
export type Filter = (
  value: never,
  file: CompanyFile,
) => {
  readonly sql: string;
  readonly values: readonly (string | number)[];
  /** The index that has all columns of the condition. */
  readonly index?: 'total';
};

/** A resource. The verbs are the same for all; everything an entry leaves out follows the contract. */
export interface ResourceEntry {
  /** The path segment, e.g. `sales-orders`. */
  readonly path: string;
  /** List objects are retired, transactions deleted; `single` is the one object of its kind; `computed` stores nothing. */
  readonly kind: 'list' | 'transaction' | 'single' | 'computed';
  /** How QuickBooks' messages call it, e.g. `Sales Order`. */
  readonly title: string;
  /** The field that must be unique, and the resources that share the names; null for none. */
  readonly names: { readonly field: 'name' | 'fullName' | 'initial'; readonly space: readonly string[] } | null;
  /** Targets of references that differ from those that hold everywhere (`references.ts`). */
  readonly references?: Readonly<Record<string, Target>>;
  /** Line arrays by field: entries have ids and are kept, added or dropped by them on update. */
  readonly lines?: readonly string[];
  /** The fields whose reference the list's `accountIds` means. */
  readonly accounts?: readonly string[];
  /** Whether these fields are those of lines. */
  readonly accountsInLines?: boolean;
  /** Fields that `""` does not clear. */
  readonly required?: readonly string[];
  readonly filters?: Readonly<Record<string, Filter>>;
  /** Whether rows belong to a person, for erasure checks. */
  readonly person?: boolean;
  /** The body of a create with defaults that depend on other fields; those of the contract come after them. */
  withDefaults?(request: Json): Json;
  /** The body of an update in the words of the response, where it has others. @throws Failure */
  rewritten?(request: Json, before: StoredObject): Json;
  /** Completes a record that was mapped from the request: defaults, amounts, links, postings. @throws Failure */
  complete?(draft: Draft): void;
  /** Runs once the record is stored. @throws Failure, which undoes it */
  stored?(draft: Draft, object: StoredObject): void;
  /** Before a delete or void. @throws Failure to refuse it */
  removing?(file: CompanyFile, object: StoredObject, verb: 'delete' | 'void'): void;
  /** The one object of a `single` resource. */
  single?(file: CompanyFile): Json;
  /** The response of a list whose rows are computed. @throws Failure */
  listed?(file: CompanyFile, request: { readonly shape: Schema; readonly paged: boolean; readonly query: Json }): Json;
  /** What a retrieve of a resource shows whose rows are computed. @throws Failure when there is none */
  retrieved?(file: CompanyFile, id: string): Json;
  /** A report. @throws Failure for one that is not emulated */
  reported?(file: CompanyFile, query: Json): Json;
  /** Fields that are computed when read, for a page of objects at once. */
  computed?(file: CompanyFile, page: readonly StoredObject[]): (object: StoredObject) => Json;
  /** What is not emulated, for the table of operations in docs. */
  readonly note?: string;
  /**
   * A body that creates one, the fields of an update, and required parameters: for fixtures, the served document and
   * the tests. `@path` stands for the id of an object of that resource, `@path:name` for the one of that name.
   */
  readonly example?: Example;
}

/** An entry of a list family: named, retired by `isActive`. */
export function list(path: string, title: string, more: Partial<ResourceEntry> = {}): ResourceEntry {
  return { path, title, kind: 'list', names: { field: 'name', space: [path] }, ...more };
}

/** An entry of a transaction family. */
export function transaction(path: string, title: string, more: Partial<ResourceEntry> = {}): ResourceEntry {
  return { path, title, kind: 'transaction', names: null, ...more };
}
