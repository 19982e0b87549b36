// Examples for a provider's document: keys, ids and bodies that work in a new sandbox.
import type { ContractOperation } from './contract.ts';

/** Examples that match the built-in fixtures of a provider. */
export interface Samples {
  /** Credentials by security scheme; `{secretKey}` is replaced by the sample key of that name. */
  readonly authorize: Readonly<Record<string, string>>;
  /** Values of required parameters, by lower-case name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Values of parameters of one operation, by operation and name; they win. */
  readonly operations?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Bodies by operation or action. */
  readonly bodies: Readonly<Record<string, unknown>>;
}

/** The parts of a provider used here. */
interface Sampled {
  readonly samples: Samples;
  readonly sampleKeys: (sandbox: string) => Readonly<Record<string, string>>;
}

/** Credentials for a sandbox, by security scheme. */
export function authorizations({ samples, sampleKeys }: Sampled, sandbox: string): Record<string, string> {
  const keys = sampleKeys(sandbox);
  return Object.fromEntries(
    Object.entries(samples.authorize).map(([scheme, value]) => [
      scheme,
      value.replace(/\{(\w+)\}/g, (_, name) => String(keys[name])),
    ]),
  );
}

/** Adds the samples of an operation to its description, in place; references are not followed. */
export function addSample(described: ContractOperation, samples: Samples, operation: string): void {
  const { parameters, operations, bodies } = samples;
  const own = operations?.[operation] ?? {};
  for (const parameter of described.parameters ?? []) {
    const value = own[parameter.name] ?? parameters[parameter.name.toLowerCase()];
    // Optional parameters are mostly filters, which would hide rows.
    if (parameter.required) exemplify(parameter, value);
  }
  for (const content of Object.values(described.requestBody?.content ?? {})) exemplify(content, bodies[operation]);
}

/** Replaces all examples: OpenAPI allows `example` or `examples`, not both. */
function exemplify(part: object, example: unknown): void {
  if (example !== undefined) Object.assign(part, { example, examples: undefined });
}
