// Retry tests: for one client under test, the faults of its successive calls of each operation.

import { Problem } from '../problem.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { requestId } from '../random-ids.ts';
import type { MemoryBudget } from '../storage/memory-budget.ts';
import { LONGEST_DELAY } from './delays.ts';
import { type FaultPlan, faultPlan, type Phase, selectError, WIRE_FAULTS, type WireFault } from './fault-plan.ts';
import { wireFault } from './prefer-header.ts';

const DELAY = /^delay:(\d{1,6})$/;

/** Maximum number of retry tests in a sandbox; the oldest are dropped. */
const MAX_RETRY_TESTS = 1000;

/** What a test takes besides its instructions, and what an instruction takes, in bytes. */
const TEST_BYTES = 500;
const INSTRUCTION_BYTES = 48;

/** A retry test and its remaining instructions. */
export interface RetryTest {
  readonly id: string;
  /** Instructions not used yet, by operation. */
  readonly instructions: Record<string, string[]>;
  readonly completed: boolean;
}

/** The retry tests of one sandbox. */
export class RetryTests {
  readonly #tests = new Map<string, { left: Map<string, string[]>; bytes: number }>();
  readonly #memory: MemoryBudget;

  constructor(memory: MemoryBudget) {
    this.#memory = memory;
  }

  /** Creates a test from a list of instructions per operation. @throws Problem for an invalid instruction, or when there is no memory left for it */
  create(instructions: Readonly<Record<string, readonly string[]>>, providers: readonly Provider[]): RetryTest {
    for (const [name, list] of Object.entries(instructions)) {
      const found = providers.flatMap((provider) =>
        provider.operations.filter(({ operation }) => operation === name).map((operation) => ({ provider, operation })),
      );
      const [one] = found;
      if (one === undefined)
        throw new Problem(400, 'unknown-operation', `instructions.${name}: there is no operation ${name}.`);
      for (const instruction of list) parse(instruction, one.provider, one.operation);
    }
    const left = new Map(Object.entries(instructions).map(([name, list]) => [name, [...list]]));
    const bytes = TEST_BYTES + [...left.values()].reduce((sum, list) => sum + list.length * INSTRUCTION_BYTES, 0);
    this.#memory.take(bytes);
    const id = requestId();
    this.#tests.set(id, { left, bytes });
    if (this.#tests.size > MAX_RETRY_TESTS) this.#drop(this.#tests.keys().next().value as string);
    return this.get(id);
  }

  /** The test with that id. @throws Problem when there is none */
  get(id: string): RetryTest {
    const left = this.#find(id);
    return {
      id,
      instructions: Object.fromEntries(left),
      completed: [...left.values()].every((list) => list.length === 0),
    };
  }

  /**
   * Takes the next instruction for an operation; null for `ok` or when none is left. @throws Problem for an unknown id
   */
  next(id: string, provider: Provider, operation: Operation): FaultPlan | null {
    const instruction = this.#find(id).get(operation.operation)?.shift();
    return instruction === undefined ? null : parse(instruction, provider, operation);
  }

  clear(): void {
    for (const id of this.#tests.keys()) this.#drop(id);
  }

  #drop(id: string): void {
    this.#memory.release((this.#tests.get(id) as { bytes: number }).bytes);
    this.#tests.delete(id);
  }

  #find(id: string): Map<string, string[]> {
    const test = this.#tests.get(id)?.left;
    if (test === undefined) {
      throw new Problem(
        400,
        'unknown-retry-test',
        `There is no retry test ${JSON.stringify(id.slice(0, 80))} in this sandbox; POST /__admin/retry-tests creates one.`,
      );
    }
    return test;
  }
}

/** Parses an instruction: `ok`, a status, a wire fault or `delay:<ms>`, optionally followed by `@after-commit`. */
function parse(instruction: string, provider: Provider, operation: Operation): FaultPlan | null {
  const [what = '', when] = instruction.split('@', 2);
  if (when !== undefined && when !== 'after-commit') throw badInstruction(instruction, operation);
  const common = { phase: (when ?? 'before') as Phase, source: `retry-test ${instruction}` };
  if (what === 'ok') return null;
  if (/^[45]\d\d$/.test(what)) {
    const entry = selectError(provider.errors, operation, { status: Number(what) });
    return faultPlan({ ...common, effect: { kind: 'error', entry } });
  }
  const delay = DELAY.exec(what)?.[1];
  if (delay !== undefined && Number(delay) <= LONGEST_DELAY) return faultPlan({ ...common, delayMs: Number(delay) });
  if (!WIRE_FAULTS.includes(what as WireFault)) throw badInstruction(instruction, operation);
  return faultPlan({ ...common, effect: { kind: 'wire', fault: wireFault(what) } });
}

function badInstruction(instruction: string, { operation }: Operation): Problem {
  return new Problem(
    400,
    'bad-instruction',
    `instructions.${operation}: ${JSON.stringify(instruction)} is none of ok, a status, ${WIRE_FAULTS.join(', ')}, delay:<ms>, each optionally followed by @after-commit.`,
  );
}
