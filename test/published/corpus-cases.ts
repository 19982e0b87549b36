// The corpus of small published documents: one kind of schema, parameter, body or path a file, with its requests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { SOURCES } from '../harness.ts';

/** A request, and what must come of it. */
export interface CorpusRequest {
  /** Method and path as the document writes it, e.g. `GET /things?limit=1`. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, with the content type of `headers`; anything else as JSON. */
  readonly body?: unknown;
}

/** A request that is valid: without `status` and `response`, any success that its own schema accepts. */
export interface ValidRequest extends CorpusRequest {
  readonly status?: number;
  /** The whole body of the response, JSON parsed. */
  readonly response?: unknown;
  /** Headers of the response; null for one that must not be there. */
  readonly responseHeaders?: Readonly<Record<string, string | null>>;
}

/** A request that is invalid. */
export interface InvalidRequest extends CorpusRequest {
  /** The message of Conductor's error, which says what is wrong and where. */
  readonly error: string;
  /** 400 unless given. */
  readonly status?: number;
}

/** A file of the corpus. */
export interface CorpusCase {
  /** The file's name without its extension. */
  readonly name: string;
  /** What the document is an example of. */
  readonly kind: string;
  /** The document; `info` may be left out. Served for Conductor, below `/conductor/v1`. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The document as text instead, and the extension of its file. */
  readonly text?: string;
  readonly extension?: string;
  readonly passes?: readonly ValidRequest[];
  readonly refuses?: readonly InvalidRequest[];
  /** Place and reason for which a start refuses the document. */
  readonly unservable?: string;
  /** Place and reason for which only a start with `--strict-contract` refuses the document. */
  readonly strict?: string;
}

const FOLDER = join(SOURCES, 'test/published/corpus');

/** All files of the corpus, by name. */
export function corpusCases(): CorpusCase[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const read = load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }) as Omit<CorpusCase, 'name'>;
      const document = { info: { title: 'A', version: '1' }, ...read.document };
      return { ...read, name: file.replace(/\.yaml$/, ''), document };
    });
}
