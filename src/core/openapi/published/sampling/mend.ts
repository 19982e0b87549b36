// Searches for a value that is valid, from one that is nearly: changes it at the places of its validation errors.
import type { ErrorObject, ValidateFunction } from 'ajv';
import { isNode, type Node } from '../../document-parts.ts';
import { type Edit, editsFor } from './edits.ts';
import type { Fill } from './fill.ts';

/** Most validations of one search, and fewer for large values: at most so many characters are validated. */
const MOST_VALIDATIONS = 3000;
const MOST_CHARACTERS = 3_000_000;
/** Most errors of one value whose edits are tried. */
const MOST_ERRORS = 6;
/** How many changes of all places at once are tried, where a value has more errors than that. */
const AT_ONCE = 4;

/** A value of the search. */
interface State {
  readonly value: unknown;
  /** The lower the better: errors first, then parts that were left out. */
  readonly cost: number;
  readonly left: number;
  readonly valid: boolean;
  /** The changes that were not tried yet, each of one or more edits. */
  readonly changes: Iterator<readonly Edit[]>;
}

/**
 * The first valid value that is found, or undefined. A best-first search, bounded by counts, so that it has the same
 * result each time.
 *
 * @param validate compiled with `allErrors` and `verbose`
 * @param begin called before each validation
 */
export function mend(start: unknown, validate: ValidateFunction, fill: Fill, begin: () => void): unknown {
  let budget = Math.min(MOST_VALIDATIONS, Math.ceil(MOST_CHARACTERS / (JSON.stringify(start)?.length ?? 1)));
  const learned = new Map<string, Node[]>();
  const seen = new Set<string>();
  const stateOf = (value: unknown, left: number): State => {
    budget--;
    begin();
    const valid = validate(value) === true;
    const errors = valid ? [] : distinct(validate.errors as ErrorObject[]);
    learn(learned, errors);
    return { value, valid, left, cost: errors.length * 4 + left, changes: changesFor(errors, learned, fill) };
  };
  const open = [stateOf(start, 0)];
  for (let [best] = open; best !== undefined && budget > 0; [best] = open) {
    if (best.valid) return best.value;
    const { value: edits, done } = best.changes.next();
    if (done) {
      open.shift();
      continue;
    }
    const value = (edits as readonly Edit[]).reduce((one, edit) => edited(one, edit.path, edit), best.value);
    const text = String(JSON.stringify(value));
    if (seen.has(text)) continue;
    seen.add(text);
    const next = stateOf(value, best.left + edits.filter((edit: Edit) => edit.value === undefined).length);
    const place = open.findIndex(({ cost }) => cost > next.cost);
    open.splice(place === -1 ? open.length : place, 0, next);
  }
  return undefined;
}

/** Remembers the schemas that were not met, by place. */
function learn(learned: Map<string, Node[]>, errors: readonly ErrorObject[]): void {
  for (const { instancePath, parentSchema } of errors) {
    const known = learned.get(instancePath) ?? [];
    if (isNode(parentSchema) && !known.includes(parentSchema)) learned.set(instancePath, [...known, parentSchema]);
  }
}

/** First edits of all errors at once, then those of each. */
function* changesFor(
  errors: readonly ErrorObject[],
  learned: ReadonlyMap<string, Node[]>,
  fill: Fill,
): Generator<readonly Edit[]> {
  const editsOf = (error: ErrorObject) =>
    editsFor(error, stepsOf(error.instancePath), learned.get(error.instancePath) ?? [], fill);
  if (errors.length > MOST_ERRORS) {
    // One error a place: those of parts of a part that is replaced are gone with it.
    const places = new Map(errors.map((error) => [error.instancePath, editsOf(error)]));
    const isInside = (place: string) => {
      const steps = place.split('/');
      return steps.some((_, n) => n > 0 && places.has(steps.slice(0, n).join('/')));
    };
    const outermost = [...places].filter(([place]) => !isInside(place)).map(([, edits]) => edits);
    for (let n = 0; n < AT_ONCE; n++) {
      yield outermost.map((edits) => edits.next().value).filter((edit) => edit !== undefined);
    }
  }
  for (const error of errors.slice(0, MOST_ERRORS)) {
    for (const edit of editsOf(error)) yield [edit];
  }
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A value with one part changed or left out; the rest is shared. */
export function edited(value: unknown, path: readonly string[], edit: Edit): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return edit.value;
  if (Array.isArray(value)) {
    const copy = [...value];
    if (rest.length === 0 && edit.value === undefined) copy.splice(Number(step), 1);
    else copy[Number(step)] = edited(copy[Number(step)], rest, edit);
    return copy;
  }
  // Another edit may have left out the object, or made it null.
  const members = Object.entries(Object(value) as Node);
  const known = members.some(([name]) => name === step);
  const changed = members.map(([name, one]) => [name, name === step ? edited(one, rest, edit) : one] as const);
  if (rest.length > 0) return Object.fromEntries(changed);
  if (edit.value === undefined) return Object.fromEntries(members.filter(([name]) => name !== step));
  return Object.fromEntries(known ? changed : [...members, [step, edit.value]]);
}

/** Each place, keyword and schema once: unions repeat the errors of what they have in common. */
function distinct(errors: readonly ErrorObject[]): ErrorObject[] {
  const found = new Map<string, ErrorObject>();
  for (const error of errors) {
    // About a name; the error of `propertyNames` follows.
    if (error.propertyName !== undefined) continue;
    const key = `${error.instancePath} ${error.schemaPath} ${JSON.stringify(error.params)}`;
    if (!found.has(key)) found.set(key, error);
  }
  return [...found.values()];
}
