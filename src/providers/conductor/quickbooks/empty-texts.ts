// Empty texts where a request needs a reference or an amount: they count as absent, so the request is refused.
import { isDecimal } from './amounts.ts';
import { follow, type Schema } from './contract.ts';

/**
 * A request body without the references and amounts that the schema requires and that are `""`, which is the same as
 * absent on create (our choice). The fields of an update itself stay: there `""` clears, or is refused as not clearable.
 */
export function withoutEmptyRequired(value: unknown, shape: Schema, onCreate: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { properties = {}, required = [], items } = follow(shape);
  if (Array.isArray(value))
    return items === undefined ? value : value.map((one) => withoutEmptyRequired(one, items, true));
  const needed = (field: string) =>
    onCreate && required.includes(field) && (/.Id$/.test(field) || isDecimal(field) || field === 'conversionRatio');
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, one]) => {
      if (one === '' && needed(field)) return [];
      const schema = properties[field];
      return [[field, schema === undefined ? one : withoutEmptyRequired(one, schema, true)]];
    }),
  );
}
