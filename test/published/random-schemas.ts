// Random schemas that accept something: each is built around a value that it accepts, in a document's dialect and in JSON Schema.
import fc, { type GeneratorValue } from 'fast-check';
import { FORMATS, PATTERNS } from './random-texts.ts';

export type Node = Record<string, unknown>;

/** A schema as a document writes it, the same in JSON Schema 2020-12, and a value that it accepts. */
export interface Built {
  readonly written: unknown;
  readonly plain: unknown;
  readonly value: unknown;
}

/** Draws random schemas for one document. */
export class SchemaDraw {
  readonly #g: GeneratorValue;
  /** Whether the document is OpenAPI 3.1. */
  readonly modern: boolean;
  /** The named schemas, as the document writes them and in JSON Schema. */
  readonly written: Node = {};
  readonly plain: Node = {};

  constructor(g: GeneratorValue, modern: boolean) {
    this.#g = g;
    this.modern = modern;
  }

  /** A number from `from` to `to`. */
  number(from: number, to: number): number {
    return this.#g(fc.integer, { min: from, max: to });
  }

  pick<T>(values: readonly T[]): T {
    return values[this.number(0, values.length - 1)] as T;
  }

  chance(percent: number): boolean {
    return this.number(1, 100) <= percent;
  }

  /** Any schema; simpler ones deeper down. */
  any(depth = 0): Built {
    const kinds = ['string', 'string', 'format', 'pattern', 'number', 'boolean', 'enum'];
    if (depth < 3) kinds.push('object', 'object', 'object', 'list', 'list', 'composed', 'composed', 'named');
    return this.#of(this.pick(depth === 0 ? ['object', 'object', 'object', ...kinds] : kinds), depth);
  }

  /** A schema of texts, numbers and their like, as parameters have. */
  simple(): Built {
    return this.#of(this.pick(['string', 'number', 'boolean', 'enum']), 3);
  }

  #of(kind: string, depth: number): Built {
    switch (kind) {
      case 'object':
        return this.nullable(this.#object(depth));
      case 'list':
        return this.nullable(this.#list(depth));
      case 'composed':
        return this.#composed(depth);
      case 'named':
        return this.#named(depth);
      case 'number':
        return this.nullable(this.#number());
      case 'boolean':
        return both({ type: 'boolean' }, this.chance(50));
      case 'enum':
        return this.#enum();
      default:
        return this.nullable(this.#string(kind));
    }
  }

  #string(kind: string): Built {
    if (kind === 'format') {
      const [format, value] = this.pick(FORMATS);
      return both({ type: 'string', format, ...this.#lengths(value) }, value);
    }
    if (kind === 'pattern') {
      const [pattern, value] = this.pick(PATTERNS);
      return both({ type: 'string', pattern, ...this.#lengths(value) }, value);
    }
    const value = 'understudy'.repeat(3).slice(0, this.number(0, 25));
    return both({ type: 'string', ...this.#lengths(value), ...this.#shown(value) }, value);
  }

  #lengths(value: string): Node {
    return {
      ...(this.chance(20) ? { minLength: this.number(0, value.length) } : {}),
      ...(this.chance(20) ? { maxLength: value.length + this.number(0, 20) } : {}),
    };
  }

  /** At times an example, which is at times wrong. */
  #shown(value: unknown): Node {
    if (this.chance(10)) return { example: value };
    return this.chance(5) ? { example: { wrong: 'x'.repeat(60) } } : {};
  }

  #number(): Built {
    const type = this.pick(['integer', 'number']);
    const step = this.chance(30) ? this.number(2, 9) : null;
    const value = this.number(-50, 50) * (step ?? 1);
    const base: Node = { type, ...(step === null ? {} : { multipleOf: step }), ...this.#shown(value) };
    const bound = (keyword: 'minimum' | 'maximum', sign: number): [Node, Node] => {
      if (!this.chance(30)) return [{}, {}];
      if (this.chance(60)) {
        const inclusive = { [keyword]: value + sign * this.number(0, 5) };
        return [inclusive, inclusive];
      }
      const exclusive = `exclusive${keyword === 'minimum' ? 'Minimum' : 'Maximum'}`;
      const limit = value + sign * this.number(1, 5);
      const plain = { [exclusive]: limit };
      return [this.modern ? plain : { [keyword]: limit, [exclusive]: true }, plain];
    };
    const [low, lowPlain] = bound('minimum', -1);
    const [high, highPlain] = bound('maximum', 1);
    return { written: { ...base, ...low, ...high }, plain: { ...base, ...lowPlain, ...highPlain }, value };
  }

  #enum(): Built {
    const values = this.pick([['a', 'b', 'c'], [1, 2, 3], ['x'], ['', 'y'], [1.5, -2]]);
    const value = this.pick<unknown>(values);
    if (this.modern && this.chance(30)) return both({ const: value }, value);
    return both({ ...(this.chance(50) ? { type: typeof value } : {}), enum: values }, value);
  }

  #list(depth: number): Built {
    if (this.modern && this.chance(15)) {
      const parts = Array.from({ length: this.number(1, 3) }, () => this.any(depth + 1));
      const more = { type: 'array', minItems: parts.length, items: false };
      return {
        written: { ...more, prefixItems: parts.map(({ written }) => written) },
        plain: { ...more, prefixItems: parts.map(({ plain }) => plain) },
        value: parts.map(({ value }) => value),
      };
    }
    if (this.chance(20)) {
      const count = this.number(2, 4);
      const items = this.pick<Node>([
        { type: 'string' },
        { type: 'integer', minimum: 3 },
        { enum: ['a', 'b', 'c', 'd', 'e'] },
      ]);
      const value = items.type === 'integer' ? [3, 4, 5, 6] : ['a', 'b', 'c', 'd'];
      return both({ type: 'array', uniqueItems: true, minItems: count, items }, value.slice(0, count));
    }
    const items = this.any(depth + 1);
    const count = this.number(0, 3);
    const more: Node = {
      type: 'array',
      ...(this.chance(30) ? { minItems: this.number(0, count) } : {}),
      ...(this.chance(30) ? { maxItems: count + this.number(0, 2) } : {}),
    };
    const contains = this.modern && count > 0 && this.chance(15);
    const value = Array(count).fill(items.value);
    return {
      written: { ...more, items: items.written, ...(contains ? { contains: items.written } : {}) },
      plain: { ...more, items: items.plain, ...(contains ? { contains: items.plain } : {}) },
      value,
    };
  }

  #object(depth: number): Built {
    const names = ['id', 'name', 'createdAt', 'a/b', 'x~y', 'next_cursor', 'has_more', 'data'].slice(
      0,
      this.number(0, 8),
    );
    const members = names.map((name) => [name, this.any(depth + 1)] as const);
    const present = members.filter(() => this.chance(75));
    const required = present.filter(() => this.chance(50)).map(([name]) => name);
    const value = Object.fromEntries(present.map(([name, one]) => [name, one.value]));
    const more: Node = { type: 'object', ...(required.length > 0 ? { required } : {}) };
    const rest = this.chance(30) ? this.any(depth + 2) : null;
    const closed = rest === null && this.chance(25);
    if (this.chance(15)) more.minProperties = this.number(0, present.length);
    if (this.chance(15)) more.maxProperties = present.length + this.number(0, 1);
    const extra: [Node, Node] =
      rest === null ? [{}, {}] : [{ additionalProperties: rest.written }, { additionalProperties: rest.plain }];
    if (closed) for (const one of extra) one.additionalProperties = false;
    if (this.modern && names.length > 1 && present.length === names.length && this.chance(20)) {
      more.dependentRequired = { [names[0] as string]: [names[1]] };
    }
    if (this.modern && rest === null && this.chance(10))
      more.patternProperties = { '^x-[a-z]{2}$': { type: 'integer' } };
    if (this.modern && !closed && this.chance(10)) more.propertyNames = { maxLength: 12 };
    const properties = (dialect: 'written' | 'plain') =>
      Object.fromEntries(members.map(([name, one]) => [name, this.#marked(one[dialect], required.includes(name))]));
    return {
      written: { ...more, ...extra[0], properties: properties('written') },
      plain: { ...more, ...extra[1], properties: properties('plain') },
      value,
    };
  }

  /** At times `readOnly`, which a response may well have. */
  #marked(schema: unknown, required: boolean): unknown {
    const inline = typeof schema === 'object' && schema !== null && !('$ref' in schema);
    return inline && !required && this.chance(5) ? { ...schema, readOnly: true } : schema;
  }

  #composed(depth: number): Built {
    const one = this.any(depth + 1);
    const other = this.#unlike(one.value);
    const lists = (keyword: string, schemas: readonly Built[]): Built => ({
      written: { [keyword]: schemas.map(({ written }) => written) },
      plain: { [keyword]: schemas.map(({ plain }) => plain) },
      value: one.value,
    });
    switch (this.pick(['allOf', 'anyOf', 'oneOf', 'not', ...(this.modern ? ['if'] : ['anyOf'])])) {
      case 'allOf':
        return lists('allOf', [one, this.#wider(one.value), ...(this.chance(30) ? [one] : [])]);
      case 'anyOf':
        return lists('anyOf', this.chance(50) ? [one, other] : [other, one]);
      case 'oneOf':
        return lists('oneOf', this.chance(50) ? [one, other] : [other, one]);
      case 'not':
        return {
          written: { allOf: [one.written], not: other.written },
          plain: { allOf: [one.plain], not: other.plain },
          value: one.value,
        };
      default:
        return {
          written: conditional(other.written, one.written),
          plain: conditional(other.plain, one.plain),
          value: one.value,
        };
    }
  }

  /** A schema that accepts the value, and much else. */
  #wider(value: unknown): Built {
    if (typeof value === 'string')
      return both(
        this.pick<Node>([{ maxLength: value.length + 3 }, { minLength: Math.min(1, value.length) }, {}]),
        value,
      );
    if (typeof value === 'number')
      return both(this.pick<Node>([{ minimum: value - 7 }, { enum: [value, value + 1000] }, {}]), value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return both({}, value);
    const [name] = Object.keys(value);
    return both(name === undefined ? { minProperties: 0 } : { type: 'object', required: [name] }, value);
  }

  /** A schema of another type than the value's. */
  #unlike(value: unknown): Built {
    const type = this.pick(['string', 'boolean', 'array', 'object'].filter((one) => one !== typeName(value)));
    return both(type === 'array' ? { type, items: {} } : { type }, null);
  }

  /** A reference to a named schema, which may contain itself. */
  #named(depth: number): Built {
    const name = `S${Object.keys(this.written).length}`;
    const $ref = `#/components/schemas/${name}`;
    this.written[name] = {};
    const one = this.any(depth + 1);
    const recursive = this.chance(40);
    const self = (inner: unknown): Node => ({
      type: 'object',
      required: ['value'],
      properties: { value: inner, next: { $ref }, more: { type: 'array', items: { $ref } } },
    });
    this.written[name] = recursive ? self(one.written) : one.written;
    this.plain[name] = recursive ? self(one.plain) : one.plain;
    return both({ $ref }, recursive ? { value: one.value } : one.value);
  }

  /** At times a schema that accepts null too, in the document's dialect. */
  nullable(built: Built): Built {
    if (!this.chance(15)) return built;
    const { written, plain, value } = built as { written: Node; plain: Node; value: unknown };
    const type = [plain.type, 'null'];
    return {
      written: this.modern ? { ...written, type } : { ...written, nullable: true },
      plain: { ...plain, type },
      value,
    };
  }
}

/** Nothing is valid if the condition is met. */
function conditional(condition: unknown, otherwise: unknown): Node {
  return Object.fromEntries([
    ['if', condition],
    ['then', { not: {} }],
    ['else', otherwise],
  ]);
}

function both(schema: unknown, value: unknown): Built {
  return { written: schema, plain: schema, value };
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}
