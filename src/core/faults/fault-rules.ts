// Fault rules: the requests they match, how often they apply, and their effect.
import { compilePattern, type Matcher, type Subject } from '../journal/request-pattern.ts';
import { invalidInput } from '../problem.ts';
import { injectableError, lenientError } from '../provider/errors.ts';
import type { Operation, Provider } from '../provider/provider.ts';
import { requestId } from '../random-ids.ts';
import type { MemoryBudget } from '../storage/memory-budget.ts';
import { sampleDelay } from './delays.ts';
import { type Effect, type FaultPlan, faultPlan, namedByIntegration, selectError } from './fault-plan.ts';
import type { PlannedRule, Rule } from './fault-rule.ts';

interface Planned {
  readonly id: string;
  /** Rank; lower ranks are matched first. */
  readonly order: number;
  readonly rule: Rule;
  readonly matcher: Matcher;
  readonly random: () => number;
  /** What it takes in memory. */
  readonly bytes: number;
  /** How often it was injected. */
  hits: number;
  /** How many matching requests it skips first, and how many it then applies to. */
  skip: number;
  remaining: number;
}

/** The rules that may match an operation: indexed by path id if they have one, otherwise a list. */
interface Candidates {
  readonly byId: ReadonlyMap<string, readonly Planned[]>;
  readonly others: readonly Planned[];
}

/** Headers that decide where a response ends, or how its body is read: with another value it breaks, or another one arrives. */
const FRAMING_HEADERS = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** The largest `retry-after`, in seconds: clients read it as an integer of 32 bits. */
const MAX_RETRY_AFTER = 2 ** 31 - 1;

/** What a rule takes besides its JSON, in bytes. */
const RULE_BYTES = 2000;

/** The fault rules of one sandbox. The earliest matching rule wins. */
export class FaultRules {
  readonly #rules = new Map<string, Planned>();
  #candidates = new WeakMap<Operation, Candidates>();
  #nextOrder = 0;
  readonly #memory: MemoryBudget;

  constructor(memory: MemoryBudget) {
    this.#memory = memory;
  }

  /** Adds a rule, or replaces the one with that id. @throws Problem when it could never apply, or there is no memory left for it */
  plan(rule: Rule, providers: readonly Provider[], id = requestId()): PlannedRule {
    const matcher = compilePattern(rule.match, providers, 'match');
    checkPossible(rule, providers);
    // Parsed JSON takes about four times the bytes of its text, and the pattern's tests some more.
    const bytes = RULE_BYTES + JSON.stringify(rule).length * 4;
    const replaced = this.#rules.get(id);
    this.#memory.take(bytes - (replaced?.bytes ?? 0));
    const { mode } = rule;
    const counted = typeof mode === 'object' && 'times' in mode;
    const planned: Planned = {
      id,
      order: replaced?.order ?? this.#nextOrder++,
      bytes,
      rule,
      matcher,
      random:
        typeof mode === 'object' && 'probability' in mode && mode.seed !== undefined
          ? seeded(String(mode.seed))
          : Math.random,
      hits: 0,
      skip: counted ? (mode.skip ?? 0) : 0,
      remaining: counted ? mode.times : Number.POSITIVE_INFINITY,
    };
    this.#rules.set(id, planned);
    this.#candidates = new WeakMap();
    return plannedRuleOf(planned);
  }

  /** The number of rules. */
  get size(): number {
    return this.#rules.size;
  }

  /** All rules, newest first. */
  list(): PlannedRule[] {
    return [...this.#rules.values()].reverse().map(plannedRuleOf);
  }

  /** The rule with that id. */
  get(id: string): PlannedRule | undefined {
    const planned = this.#rules.get(id);
    return planned && plannedRuleOf(planned);
  }

  /** Removes a rule; false when there is none with that id. */
  remove(id: string): boolean {
    this.#candidates = new WeakMap();
    this.#memory.release(this.#rules.get(id)?.bytes ?? 0);
    return this.#rules.delete(id);
  }

  clear(): void {
    for (const { bytes } of this.#rules.values()) this.#memory.release(bytes);
    this.#rules.clear();
    this.#candidates = new WeakMap();
  }

  /** The fault plan of the first rule that applies to a request. The rule is used up unless `notInjected` is called. */
  planFor(subject: Subject & { provider: Provider; operation: Operation }, body: () => unknown): FaultPlan | null {
    const { byId, others } = this.#candidatesOf(subject.operation, subject.provider);
    const named = byId.size === 0 ? [] : Object.values(subject.params).flatMap((id) => byId.get(id) ?? []);
    for (const planned of named.length === 0 ? others : [...named, ...others].sort((a, b) => a.order - b.order)) {
      if (planned.remaining === 0 || !planned.matcher.matches(subject, body)) continue;
      const plan = this.#spend(planned, subject.provider, subject.operation);
      if (plan !== null) return plan;
    }
    return null;
  }

  #spend(planned: Planned, provider: Provider, operation: Operation): FaultPlan | null {
    const { rule, id } = planned;
    const effect = effectOf(rule, provider, operation);
    if (effect === undefined) return null;
    if (planned.skip > 0) {
      planned.skip--;
      return null;
    }
    if (typeof rule.mode === 'object' && 'probability' in rule.mode && planned.random() >= rule.mode.probability)
      return null;
    planned.remaining--;
    planned.hits++;
    return faultPlan({
      effect,
      phase: rule.phase,
      delayMs: rule.delay === undefined ? 0 : sampleDelay(rule.delay, planned.random),
      source: id,
      // Undeclared responses are marked, whatever their source.
      applied:
        effect?.kind === 'error' &&
        injectableError(provider.errors, operation, effect.entry.status, effect.entry.name) !== effect.entry
          ? 'handling=lenient'
          : null,
      notInjected: () => {
        planned.remaining++;
        planned.hits--;
      },
    });
  }

  #candidatesOf(operation: Operation, provider: Provider): Candidates {
    let found = this.#candidates.get(operation);
    if (found === undefined) {
      const rules = [...this.#rules.values()].filter(({ rule: { match } }) => mayMatch(match, provider, operation));
      const byId = new Map<string, Planned[]>();
      for (const planned of rules) {
        const { id } = planned.rule.match;
        if (id !== undefined) byId.set(id, [...(byId.get(id) ?? []), planned]);
      }
      found = { byId, others: rules.filter(({ rule }) => rule.match.id === undefined) };
      this.#candidates.set(operation, found);
    }
    return found;
  }
}

/** Whether a pattern's provider, operation and method allow an operation. */
export function mayMatch(match: Rule['match'], provider: Provider, operation: Operation): boolean {
  return (
    (match.provider ?? provider.name) === provider.name &&
    (match.operation ?? operation.operation) === operation.operation &&
    (match.method?.toUpperCase() ?? operation.method) === operation.method
  );
}

function plannedRuleOf({ id, rule, hits, remaining }: Planned): PlannedRule {
  return { id, ...rule, hits, spent: remaining === 0 };
}

/** The rule's effect on an operation: null for a delay only, undefined when the operation cannot return the error. */
function effectOf({ effect }: Rule, provider: Provider, operation: Operation): Effect | null | undefined {
  if (effect === undefined) return null;
  if ('fault' in effect) return { kind: 'wire', fault: effect.fault };
  const { status, integration, lenient, retryAfter } = effect;
  const code = effect.code ?? namedByIntegration(provider.errors, integration);
  const headers = { ...effect.headers, ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }) };
  const entry = injectableError(provider.errors, operation, status, code);
  if (integration !== undefined && entry?.integrations?.has(integration) !== true) return undefined;
  if (entry !== undefined) return { kind: 'error', entry, headers, integration };
  const undeclared = lenient ? lenientError(provider.errors, status, code) : undefined;
  return undeclared === undefined ? undefined : { kind: 'error', entry: undeclared, headers };
}

/** @throws Problem for a rule that could never apply: an empty effect, a status that no matching operation declares */
function checkPossible(rule: Rule, providers: readonly Provider[]): void {
  const { effect, delay, match } = rule;
  if (effect === undefined && delay === undefined)
    throw invalidInput('effect', 'is empty: a rule needs an effect, a delay, or both');
  if (effect === undefined || 'fault' in effect) return;
  if (effect.retryAfter !== undefined && effect.status !== 429 && effect.status !== 503) {
    throw invalidInput('effect.retryAfter', 'is allowed with 429 and 503 only');
  }
  if (effect.retryAfter !== undefined && effect.retryAfter > MAX_RETRY_AFTER)
    throw invalidInput('effect.retryAfter', `must be at most ${MAX_RETRY_AFTER} seconds`);
  const framing = Object.keys(effect.headers ?? {}).find((name) => FRAMING_HEADERS.has(name.toLowerCase()));
  if (framing !== undefined) {
    throw invalidInput(
      `effect.headers.${framing}`,
      'is set by the server, and another value would break the response; leave it out, or plan a wire fault',
    );
  }
  const matching = providers.flatMap((provider) =>
    provider.operations
      .filter((operation) => mayMatch(match, provider, operation))
      .map((operation) => ({ provider, operation })),
  );
  if (matching.some(({ provider, operation }) => effectOf(rule, provider, operation) !== undefined)) return;
  const [only] = matching;
  if (only === undefined) throw invalidInput('match', 'matches no operation');
  if (effect.integration !== undefined) {
    throw invalidInput(
      'effect.integration',
      `${effect.integration} is no integration code of such an error of the matching operations`,
    );
  }
  if (matching.length === 1) {
    selectError(only.provider.errors, only.operation, {
      status: effect.status,
      error: effect.code,
      lenient: effect.lenient,
    });
  }
  throw invalidInput(
    'effect.status',
    `${effect.status}${effect.code ? ` ${effect.code}` : ''} is declared for none of the matching operations; lenient: true allows it anyway`,
  );
}

/** A deterministic sequence of numbers in [0, 1): mulberry32, seeded with a hash. */
function seeded(seed: string): () => number {
  let state = [...seed].reduce((hash, character) => Math.imul(hash ^ character.charCodeAt(0), 16777619), 2166136261);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}
