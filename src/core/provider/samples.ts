// What a person can try as it stands: keys, ids and bodies that work in a fresh sandbox, as examples of the document.
import type { ContractOperation } from './contract.ts';

/** What fits the fixtures that ship with a provider. */
export interface Samples {
  /** What to authorize with: values by security scheme, in which `{secretKey}` stands for that sample key. */
  readonly authorize: Readonly<Record<string, string>>;
  /** Values of required parameters, by name in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Bodies by operation, those of actions too. */
  readonly bodies: Readonly<Record<string, unknown>>;
}

/** What is read of a provider here. */
interface Sampled {
  readonly samples: Samples;
  readonly sampleKeys: (sandbox: string) => Readonly<Record<string, string>>;
}

/** What to authorize with in the sandbox of that name: values by security scheme. */
export function authorizations({ samples, sampleKeys }: Sampled, sandbox: string): Record<string, string> {
  const keys = sampleKeys(sandbox);
  return Object.fromEntries(
    Object.entries(samples.authorize).map(([scheme, value]) => [
      scheme,
      value.replace(/\{(\w+)\}/g, (_, name) => String(keys[name])),
    ]),
  );
}

/** Writes the samples of one operation where it is described; parts that are only referred to stay as they are. */
export function addSample(described: ContractOperation, samples: Samples, operation: string): void {
  const { parameters, bodies } = samples;
  for (const parameter of described.parameters ?? []) {
    // A filter that nobody asked for would only hide rows.
    if (parameter.required) exemplify(parameter, parameters[parameter.name.toLowerCase()]);
  }
  for (const content of Object.values(described.requestBody?.content ?? {})) exemplify(content, bodies[operation]);
}

/** One example takes the place of all that were there: a document may give one or several, not both. */
function exemplify(part: object, example: unknown): void {
  if (example !== undefined) Object.assign(part, { example, examples: undefined });
}
