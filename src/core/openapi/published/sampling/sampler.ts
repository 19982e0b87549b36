// Values for the schemas of a published document: an example if it is valid, else a readable sample that is made valid.
import type { ValidateFunction } from 'ajv';
import type { sample } from 'openapi-sampler';
import type { Place, Schemas } from '../schemas.ts';
import type { Node } from '../source.ts';
import { fillFrom } from './fill.ts';
import { mend } from './mend.ts';

/** Values for the schemas of one document; always the same for the same schema. */
export interface Sampler {
  /**
   * A value for a schema: the first valid one of its examples and samples, or else the first that can be made valid.
   * Where none can, as for a schema that nothing fits, the first one as it is.
   *
   * @param place where the schema is; null for one that values are not validated against
   */
  valueOf(schema: unknown, place: Place | null, examples: readonly unknown[]): unknown;
}

/** A sampler for the schemas of a document. */
export function samplerOf(document: Node, schemas: Schemas, readable: typeof sample): Sampler {
  const fill = fillFrom(document);
  /** The first example, then samples of all properties, of the required ones, and a random one. */
  function* startsOf(schema: unknown, examples: readonly unknown[]): Generator<unknown> {
    yield* examples.slice(0, 1);
    for (const skipNonRequired of [false, true]) {
      yield readable((schema ?? {}) as object, { skipWriteOnly: true, skipNonRequired, quiet: true }, document);
    }
    yield fill([schema], 1)?.value;
  }
  return {
    valueOf(schema, place, examples) {
      const validate = place === null ? () => true : schemas.at(place);
      const valid = (value: unknown): boolean => {
        schemas.begin();
        return validate(value) === true;
      };
      const fitting = examples.find(valid);
      if (fitting !== undefined) return fitting;
      const starts: unknown[] = [];
      for (const start of startsOf(schema, examples)) {
        const mended = valid(start) ? start : mend(start, validate as ValidateFunction, fill, schemas.begin);
        if (mended !== undefined) return mended;
        starts.push(start);
      }
      return starts[0];
    },
  };
}
