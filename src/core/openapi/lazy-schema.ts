// A schema that is compiled on first use.
import type { ValidateFunction } from 'ajv';
import type { Unservable } from './unservable.ts';

/** A schema of a document, and its validator. */
export class LazySchema {
  /** The schema as the document has it. */
  readonly schema: unknown;
  readonly #compile: () => ValidateFunction | Unservable;
  readonly #failure: (error: Unservable) => Error;
  #compiled: ValidateFunction | Unservable | undefined;

  constructor(schema: unknown, compile: () => ValidateFunction | Unservable, failure: (error: Unservable) => Error) {
    this.schema = schema;
    this.#compile = compile;
    this.#failure = failure;
  }

  /** @throws the failure for a schema that cannot be compiled, each time */
  get validate(): ValidateFunction {
    this.#compiled ??= this.#compile();
    if (typeof this.#compiled === 'function') return this.#compiled;
    throw this.#failure(this.#compiled);
  }
}
