// The errors of an operation served from a published document: which it declares, and those that only it declares.
import { STATUS_CODES } from 'node:http';
import type { CatalogueEntry, OperationFacts } from '../../provider/errors.ts';
import { follow, type Node, type Part } from '../document-parts.ts';
import { bodyOf } from './example-response.ts';
import { examplesOf } from './examples.ts';
import type { Listed } from './listing.ts';
import { bodyText } from './response-body.ts';
import { contentType, headersOf } from './response-headers.ts';
import type { Sampler } from './sampling/sampler.ts';

/** The error statuses of an operation, and the errors that the provider's catalogue lacks. */
export type DocumentErrors = Required<Pick<OperationFacts, 'declared' | 'publishedErrors'>>;

/**
 * The errors that a document declares for an operation. A range (`4XX`) and the default response declare every status
 * that has no response of its own.
 *
 * @param success the operation's declared success, which is no error even if it is the default response
 */
export function documentErrorsOf(
  document: Node,
  { responses }: Pick<Listed, 'responses'>,
  success: Part,
  catalogue: readonly CatalogueEntry[],
  sampler: Sampler,
): DocumentErrors {
  const isError = (status: number) => status >= 400 && status <= 599;
  const responseOf = (status: number): Part | undefined => {
    const range = `${String(status).charAt(0)}XX`;
    const names = [String(status), range, range.toLowerCase(), 'default'];
    const found = names.map((name) => responses.get(name)).find((part) => part !== undefined);
    return isError(status) && found !== success ? found : undefined;
  };
  const own = new Set(catalogue.map(({ status }) => status));
  const known = new Map<number, readonly CatalogueEntry[]>();
  const explicit = [...responses.keys()].map(Number).filter(isError);
  return {
    declared: [...new Set([...explicit, ...own])].filter((status) => responseOf(status) !== undefined),
    publishedErrors(status) {
      const part = own.has(status) ? undefined : responseOf(status);
      const entries = known.get(status) ?? (part === undefined ? [] : entriesOf(document, status, part, sampler));
      known.set(status, entries);
      return entries;
    },
  };
}

/** The errors of a response: one for each named example, or one. None for a response whose sample would be huge. */
function entriesOf(document: Node, status: number, part: Part, sampler: Sampler): CatalogueEntry[] {
  const description = String(part.node.description).split('\n', 1)[0] as string;
  let headers: ReturnType<typeof headersOf>;
  let body: ReturnType<typeof bodyOf>;
  try {
    headers = headersOf(document, part, sampler);
    body = bodyOf(document, part);
  } catch {
    // Unservable: its sample would be huge.
    return [];
  }
  const entry = (name: string, examples: readonly unknown[]): CatalogueEntry => {
    let made: { readonly value: unknown } | undefined;
    const value = () => {
      if (body === null) return undefined;
      made ??= { value: sampler.valueOf(body.media.schema, body.place, examples) };
      return made.value;
    };
    return {
      name,
      status,
      message: description,
      source: 'documented',
      when: `only as a planned fault: the document given with --contract declares it${description === '' ? '' : ` (${description})`}`,
      onlyByFault: true,
      published: {
        headers: () => (body === null ? headers() : { ...headers(), 'content-type': contentType(body.type) }),
        value,
        text: () => (body === null ? '' : bodyText(body.type, value())),
      },
    };
  };
  const named = Object.entries((body?.media.examples ?? {}) as Node).map(([name, example]) => {
    const { value } = follow(document, example, []).node;
    return entry(name.replace(/[^\w.-]+/g, '_'), value === undefined ? [] : [value]);
  });
  return named.length > 0 ? named : [entry(nameOf(status), body === null ? [] : examplesOf(document, body.media))];
}

/** The name of an error without a name: that of its status, e.g. `PAYMENT_REQUIRED`. */
function nameOf(status: number): string {
  return (STATUS_CODES[status] ?? `STATUS ${status}`).toUpperCase().replace(/\W+/g, '_');
}
