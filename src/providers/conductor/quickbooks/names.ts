// Names of list objects: what may be a name, which are taken, and the full names that follow from parents.
import type { CompanyFile, Json, StoredObject } from './company-file.ts';
import { CODES, cannotSave, refusal } from './failures.ts';
import { camelCase } from './operations.ts';
import { resolve } from './references.ts';
import type { Draft, ResourceEntry } from './resource-entry.ts';

/** The deepest a list can be nested (known of QuickBooks). */
const MAX_LEVELS = 5;

/**
 * Completes and checks the name of a list object: `fullName` and `sublevel` where it has a parent.
 *
 * @throws Failure 3090 for a colon, 3100 for a name that is taken, 3130 for an object below itself, 3180 for too deep a list
 */
export function completeName({ file, entry, record, id, before }: Draft): void {
  if (entry.names === null) return;
  const { field, space } = entry.names;
  const own = (field === 'fullName' ? record.name : record[field]) as string;
  if (own.trim() === '' || own.includes(':')) {
    throw refusal(CODES.name, `The name "${own}" of the list element is invalid: a name is needed, without a colon.`);
  }
  const parent = parentOf(file, entry, record);
  const above = parent === null ? [] : lineage(file, entry, parent);
  if (above.some((one) => one.id === id)) {
    throw refusal(CODES.cycle, `The parent "${parent?.id}" specified in the request is the object itself or below it.`);
  }
  if (above.length >= MAX_LEVELS) throw cannotSave(entry.title, `A list has at most ${MAX_LEVELS} levels.`);
  delete record.fullName;
  delete record.sublevel;
  if (parent !== null) {
    if (field === 'fullName') record.fullName = `${String(parent.body.fullName ?? parent.body.name)}:${own}`;
    record.sublevel = above.length;
  }
  const label = (record.fullName ?? own) as string;
  const taken = file.db.get<{ id: string; resource: string }>(
    `select id, resource from conductor_quickbooksObjects
     where endUserId = ? and resource in (select value from json_each(?)) and label = ? collate nocase and id <> ?`,
    file.endUserId,
    JSON.stringify(space.map(camelCase)),
    label,
    id,
  );
  if (taken !== undefined) {
    throw refusal(CODES.nameTaken, `The name "${own}" of the list element is already in use.`);
  }
  if (before !== null && field === 'fullName') renameBelow(file, entry, id, label, above.length);
}

/** Updates the full names of everything below a renamed or moved object; their revisions stay (our choice). */
function renameBelow(file: CompanyFile, entry: ResourceEntry, id: string, label: string, level: number): void {
  for (const child of file.all(entry.path)) {
    if ((child.body.parent as Json | undefined)?.id !== id) continue;
    const fullName = `${label}:${String(child.body.name)}`;
    const sublevel = level + 1;
    if (sublevel >= MAX_LEVELS) throw cannotSave(entry.title, `A list has at most ${MAX_LEVELS} levels.`);
    if (child.body.fullName === fullName && child.body.sublevel === sublevel) continue;
    file.amend(child, { ...child.body, fullName, sublevel });
    renameBelow(file, entry, child.id, fullName, sublevel);
  }
}

function parentOf(file: CompanyFile, entry: ResourceEntry, record: Json): StoredObject | null {
  const { parent } = record as { parent?: { id: string } };
  return parent === undefined ? null : resolve(file, entry, 'parent', parent.id);
}

/** An object and everything above it, nearest first. */
function lineage(file: CompanyFile, entry: ResourceEntry, object: StoredObject): StoredObject[] {
  const parent = parentOf(file, entry, object.body);
  return parent === null ? [object] : [object, ...lineage(file, entry, parent)];
}

/** `fullName` of an object without a parent, and the level of one: what `completeName` leaves out. */
export function shownName({ body }: StoredObject): Json {
  return { fullName: body.fullName ?? body.name };
}
