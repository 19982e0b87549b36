// Runs the patterns of a published document in bounded time, whatever the pattern and the value.
import { createContext, Script } from 'node:vm';

/** The longest time for one value, in milliseconds of processor time; a value whose match takes longer is rejected. */
const LONGEST_MATCH = 20;
/** What an attempt that was stopped counts at least, in milliseconds of processor time, so that there are at most ten. */
const LEAST_ATTEMPT = 2;
/** The longest time for all slow values of one validation, in milliseconds. */
const LONGEST_VALIDATION = 1000;
/** Estimated steps up to which a pattern runs without a time limit, which costs 0.1 ms to set up. */
const MOST_STEPS = 100_000;

/** Length up to which the expressions of formats run without a time limit; the slowest is quadratic. */
const SHORT = 200;

/** Ajv's view of a compiled pattern. */
export interface BoundedPattern {
  test(value: string): boolean;
}

/** Compiles the patterns of one document. */
export interface PatternEngine {
  (pattern: string): BoundedPattern;
  /** For standalone code, which is not generated here. */
  readonly code: string;
}

/** The patterns of one document, and how their time is measured. */
export interface BoundedPatterns {
  readonly engine: PatternEngine;
  /** Tests a value against the expression of a format, e.g. `url`. */
  matches(expression: RegExp, value: string): boolean;
  /** To be called before each validation: gives it its full time. */
  begin(): void;
}

/**
 * Patterns that are run natively where that is fast, and otherwise under a time limit.
 *
 * Engines without backtracking refuse look-arounds and back-references, which OpenAPI allows.
 */
export function boundedPatterns(): BoundedPatterns {
  const context = createContext({ expression: null, value: '' });
  const script = new Script('expression.test(value)');
  let spent = 0;
  const attempt = (): boolean | null => {
    try {
      return script.runInContext(context, { timeout: LONGEST_MATCH });
    } catch {
      // Nothing but the time-out fails here.
      return null;
    }
  };
  const timed = (expression: RegExp, value: string): boolean => {
    if (spent >= LONGEST_VALIDATION) return false;
    Object.assign(context, { expression, value });
    const from = performance.now();
    try {
      // An attempt is stopped by wall-clock time, which a fast match reaches too where other processes have the machine.
      for (let used = 0; used < LONGEST_MATCH; ) {
        const before = process.cpuUsage();
        const matched = attempt();
        if (matched !== null) return matched;
        const { user, system } = process.cpuUsage(before);
        used += Math.max((user + system) / 1000, LEAST_ATTEMPT);
      }
      return false;
    } finally {
      spent += performance.now() - from;
    }
  };
  const engine = (pattern: string) => {
    const expression = expressionOf(pattern);
    const choices = choicesIn(pattern);
    return {
      test: (value: string) =>
        (value.length + 1) ** (choices + 1) <= MOST_STEPS ? expression.test(value) : timed(expression, value),
      toString: () => String(expression),
    };
  };
  return {
    engine: Object.assign(engine, { code: 'boundedPattern' }),
    matches: (expression, value) => (value.length <= SHORT ? expression.test(value) : timed(expression, value)),
    begin: () => {
      spent = 0;
    },
  };
}

/** Escaped letters that mean something without the flag `u`; any other letter would stand for itself. */
const ESCAPED = /\\(?:[^a-zA-Z]|[bBcdDfknrsStuvwWx])/gu;

/**
 * The expression of a pattern: of Unicode characters, or, where a needless escape such as `\-` forbids that, of UTF-16
 * code units.
 *
 * @throws SyntaxError for a pattern that is neither
 */
export function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    if (/\\[a-zA-Z]/.test(pattern.replace(ESCAPED, ''))) throw error;
    try {
      return new RegExp(pattern);
    } catch {
      throw error;
    }
  }
}

/** Whatever a valid pattern consists of: escapes, classes, groups, alternatives, quantifiers, and other characters. */
const PIECES = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu;

/**
 * How many choices a pattern has, at each of which a match may backtrack: quantifiers and alternatives. The time of a
 * match grows at most with the length of the value to the power of that; infinite for a repetition inside of one.
 */
export function choicesIn(pattern: string): number {
  let choices = 0;
  /** For each open group, the number of choices before it. */
  const open: number[] = [];
  /** The number of choices in the last atom. */
  let last = 0;
  for (const [piece] of pattern.matchAll(PIECES)) {
    if (piece.startsWith('(')) open.push(choices);
    else if (piece === ')') {
      last = choices - (open.pop() as number);
      continue;
    } else if (piece === '|') choices++;
    else if (/^[*+?{]/.test(piece)) {
      if (last > 0 && !piece.startsWith('?')) return Number.POSITIVE_INFINITY;
      if (!/^\{\d+\}/.test(piece)) choices++;
    }
    last = 0;
  }
  return choices;
}
