// Plays random sequences of calls against a server and a model of it: both must say the same after every step.
import { deepStrictEqual, strictEqual } from 'node:assert';
import fc from 'fast-check';
import type { Test } from 'tap';
import { type RequestOptions, type TestResponse, testServer } from '../harness.ts';

/** A row, an object of the API, or anything else that JSON makes of one. */
export type Json = Record<string, any>;
export type Call = (method: string, path: string, ask?: RequestOptions) => Promise<TestResponse>;

/** A column whose every value must be found in a column of another resource, unless it is null. */
export type Reference = readonly [resource: string, column: string, target: string, targetColumn: string];

/** Where a game is being played. */
export interface Table {
  call: Call;
  clock: { now: number };
  /** How often something worth seeing happened, over all sequences. */
  seen: Map<string, number>;
}

/** What every model knows, beside the rows of its provider. */
export abstract class Model {
  abstract readonly provider: string;
  abstract readonly references: readonly Reference[];
  /** Rows as `GET /__admin/state` gives them, by resource and key, in the order they were made. */
  abstract readonly rows: Readonly<Record<string, Map<string, Json>>>;
  /** Ids that something deleted had; no id comes back. */
  readonly gone: string[] = [];
  readonly clock: { now: number };
  /** How many items a page of a list is asked to hold. */
  readonly pageSize: number;
  /** One rule of this model is wrong: the check of the check. */
  readonly broken: boolean;
  readonly #seen: Map<string, number>;
  readonly #used = new Set<string>();

  constructor(table: Table, pageSize: number, broken: boolean) {
    this.clock = table.clock;
    this.pageSize = pageSize;
    this.broken = broken;
    this.#seen = table.seen;
  }

  get now(): number {
    return this.clock.now;
  }

  get iso(): string {
    return new Date(this.now).toISOString();
  }

  /** Takes note that something worth seeing happened. */
  saw(what: string): void {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
  }

  /** An id the server made: of the right form, and never made before. */
  fresh(id: string, form: RegExp): string {
    strictEqual(form.test(id), true, `${id} looks like ${form}`);
    strictEqual(this.#used.has(id), false, `${id} is a new id`);
    this.#used.add(id);
    return id;
  }

  /** One of the ids alive, often the newest, so that things build on each other; or the last that went, or none. */
  pick(alive: Iterable<string>, n: number, gone: readonly string[] = this.gone): string {
    const ids = [...alive];
    const newest = ids.slice(-1);
    const all = [...newest, ...newest, ...newest, ...ids, ...gone.slice(-1), 'never-was'];
    return all[n % all.length] as string;
  }

  /** Forgets the rows that fit; returns how many there were. */
  drop(resource: string, fits: (row: Json) => boolean): number {
    const rows = this.rows[resource] as Map<string, Json>;
    let count = 0;
    for (const [key, row] of rows) {
      if (!fits(row)) continue;
      rows.delete(key);
      this.gone.push(key);
      count++;
    }
    return count;
  }

  /** What time alone does. */
  settle(): void {}

  /** Everything the API lists is what the model has. */
  protected abstract compareLists(call: Call): Promise<void>;

  /** What the API lists and what the sandbox holds is the model's, and every reference leads somewhere. */
  async compare(call: Call): Promise<void> {
    await this.compareLists(call);
    const state = (await call('GET', `/__admin/state?provider=${this.provider}`)).body[this.provider];
    const names = Object.keys(this.rows);
    const rows: Record<string, Json[]> = Object.fromEntries(names.map((name) => [name, state[name]]));
    deepStrictEqual(dangling(rows, this.references), []);
    deepStrictEqual(rows, Object.fromEntries(names.map((name) => [name, this.all(name)])));
  }

  /** The rows of a resource, oldest first. */
  all(resource: string): Json[] {
    return [...(this.rows[resource] as Map<string, Json>).values()];
  }
}

/** What is played with: one provider. */
export interface Game<M extends Model> {
  provider: string;
  model: new (table: Table, pageSize: number, broken: boolean) => M;
  steps: Pick<Kind<M, never>, 'drawn'>[];
  /** Things that must have happened somewhere in a few hundred sequences, else the game tests nothing. */
  landmarks: readonly string[];
}

const WAIT = 'wait';

type Act<M extends Model, Args> = (args: Args, model: M, call: Call) => Promise<void>;

/** One step of a sequence: what it does, and with which arguments. */
export class Step<M extends Model> implements fc.AsyncCommand<M, Table> {
  readonly #name: string;
  readonly #needs: string | null;
  readonly #vainly: boolean;
  readonly #args: unknown;
  readonly #act: Act<M, any>;

  constructor(name: string, needs: string | null, vainly: boolean, args: unknown, act: Act<M, any>) {
    this.#name = name;
    this.#needs = needs;
    this.#vainly = vainly;
    this.#args = args;
    this.#act = act;
  }

  /** A step with nothing to work on is mostly left out: there are enough that fail for better reasons. */
  check(model: Readonly<M>): boolean {
    return this.#needs === null || this.#vainly || (model.rows[this.#needs]?.size ?? 0) > 0;
  }

  async run(model: M, { call }: Table): Promise<void> {
    await this.#act(this.#args, model, call);
    // A clock that moved is noticed by whatever is called next, and not before.
    if (this.#name !== WAIT) await model.compare(call);
  }

  toString(): string {
    return `${this.#name} ${JSON.stringify(this.#args)}`;
  }
}

const vainly = fc.integer({ min: 0, max: 9 }).map((n) => n === 9);

/** A kind of step, drawn with random arguments, `weight` times as likely as another, or made with given ones. */
export interface Kind<M extends Model, Args> {
  drawn: fc.Arbitrary<fc.AsyncCommand<M, Table>>[];
  of(args: Args): Step<M>;
}

/** Declares a kind of step; it `needs` a row of a resource to work on. */
export function step<M extends Model, Args>(
  name: string,
  weight: number,
  needs: string | null,
  args: { [K in keyof Args]: fc.Arbitrary<Args[K]> },
  act: Act<M, Args>,
): Kind<M, Args> {
  const made = fc.tuple(vainly, fc.record(args)).map(([vain, drawn]) => new Step<M>(name, needs, vain, drawn, act));
  return {
    drawn: Array.from({ length: weight }, () => made),
    of: (args) => new Step(name, needs, true, args, act),
  };
}

/** Steps that belong together, taken one after the other: what would rarely come about by chance. */
export function story<M extends Model>(weight: number, steps: Step<M>[]): Pick<Kind<M, never>, 'drawn'> {
  const told = {
    check: () => true,
    run: async (model: M, table: Table) => {
      for (const step of steps) await step.run(model, table);
    },
    toString: () => steps.join(', '),
  };
  return { drawn: Array.from({ length: weight }, () => fc.constant(told)) };
}

/** Time passes, and nobody looks. */
export function wait<M extends Model>(weight: number, milliseconds: fc.Arbitrary<number>) {
  return step<M, { milliseconds: number }>(WAIT, weight, null, { milliseconds }, async ({ milliseconds }, model) => {
    model.clock.now += milliseconds;
    model.settle();
  });
}

/** A number that stands for one of however many there will be. */
export const which = fc.nat({ max: 59 });
/** A value that is left out every other time. */
export const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
/** A value that is mostly left out. */
export const seldom = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** The answer is that status with that body. */
export function answered(answer: TestResponse, status: number, body?: unknown): void {
  deepStrictEqual({ status: answer.status, body: answer.body }, { status, body: body ?? answer.body });
}

/** All references of a state that lead nowhere. */
export function dangling(state: Record<string, Json[]>, references: readonly Reference[]): string[] {
  return references.flatMap(([resource, column, target, targetColumn]) => {
    const known = new Set(state[target]?.map((row) => row[targetColumn]));
    return (state[resource] ?? [])
      .filter((row) => row[column] !== null && !known.has(row[column]))
      .map((row) => `${resource}.${column} ${row[column]} is in no ${target}.${targetColumn}`);
  });
}

/** A server to play at, with a clock that stands still between steps. */
export async function openTable(t: Test): Promise<Table> {
  const clock = { now: 0 };
  const real = Date.now;
  // Not t.capture(), which would keep a record of every one of millions of calls.
  Date.now = () => clock.now;
  t.teardown(() => {
    Date.now = real;
  });
  const { call } = await testServer(t);
  return { call, clock, seen: new Map() };
}

const START = Date.parse('2025-06-01T10:00:00.000Z');

/** The property: after each step of any sequence that starts from nothing, server and model agree. */
function agreement<M extends Model>(game: Game<M>, table: Table, steps: number, broken: boolean) {
  return fc.asyncProperty(
    fc.constantFrom(2, 7, 100),
    fc.commands(
      game.steps.flatMap(({ drawn }) => drawn),
      { maxCommands: steps, size: 'max' },
    ),
    async (pageSize, commands) => {
      table.clock.now = START;
      answered(await table.call('POST', '/__admin/reset', { json: { to: 'empty' } }), 204);
      const model = new game.model(table, pageSize, broken);
      await fc.asyncModelRun(() => ({ model, real: table }), commands);
    },
  );
}

/** Fails the test with the shortest sequence after which server and model disagree; else says what was seen. */
export async function agrees<M extends Model>(
  t: Test,
  game: Game<M>,
  { sequences, steps }: { sequences: number; steps: number },
): Promise<void> {
  const table = await openTable(t);
  const from = performance.now();
  const details = await fc.check(agreement(game, table, steps, false), { numRuns: sequences, unbiased: true });
  const rate = Math.round((sequences / (performance.now() - from)) * 1000);
  t.notOk(details.failed, fc.defaultReportMessage(details) ?? `server and model agree, ${rate} sequences a second`);
  const met = game.landmarks.filter((landmark) => table.seen.has(landmark));
  for (const landmark of game.landmarks) t.comment(`${landmark}: ${table.seen.get(landmark) ?? 0}`);
  // Chance may leave out one or two in a short run.
  const least = sequences < 1000 ? game.landmarks.length / 2 : game.landmarks.length;
  t.ok(met.length >= least, `${met.length} of ${game.landmarks.length} things worth seeing happened`);
}

/** Plays against the model with a wrong rule; resolves with the shortest sequence that shows it, if there is one. */
export async function disagreement<M extends Model>(t: Test, game: Game<M>): Promise<string[] | null> {
  const table = await openTable(t);
  const details = await fc.check(agreement(game, table, 20, true), { numRuns: 1000, unbiased: true });
  if (details.counterexample === null) return null;
  const [, commands] = details.counterexample;
  return String(commands)
    .replace(/\/\*.*\*\//, '')
    .split(/(?<=\}),/);
}
