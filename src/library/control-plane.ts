// A client of a running server's control plane: one call, its answer, or one sentence about why there is none.

/** The server could not be asked, or refused; the message is a sentence that names it and says why. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError';
  /** The status it answered with; null when no answer came. */
  readonly status: number | null;

  constructor(status: number | null, message: string) {
    super(message);
    this.status = status;
  }
}

/** Which server, and how it is spoken to. */
export interface ControlPlaneOptions {
  /** Where it is, e.g. `http://127.0.0.1:4010`; slashes at the end do no harm. */
  readonly origin: string;
  /** The server's `--admin-token`, where it asks for one. */
  readonly token?: string | null;
  /** What carries the calls; the global `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch;
  /** What to do when it cannot be asked: the end of that sentence. */
  readonly remedy?: string;
}

/** One call. */
export interface ControlCall {
  /** The sandbox that is meant; by default the one named `default`. */
  readonly sandbox?: string | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Speaks to one server. */
export class ControlPlane {
  readonly origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof globalThis.fetch;
  readonly #remedy: string;

  constructor({ origin, token = null, fetch = globalThis.fetch, remedy }: ControlPlaneOptions) {
    this.origin = origin.replace(/\/+$/, '');
    this.#headers = token === null ? {} : { authorization: `Bearer ${token}` };
    this.#fetch = fetch;
    this.#remedy = remedy ?? 'start it, or name it with --url';
  }

  /**
   * Sends one call and gives the JSON of its answer, undefined where the answer has no body.
   *
   * @param path below `/__admin`, e.g. `/reset`
   * @throws ControlPlaneError when the server cannot be reached, refuses, or does not seem to be Understudy
   */
  async call<T = unknown>(method: string, path: string, call: ControlCall = {}): Promise<T> {
    const answer = await this.open(method, path, call);
    const text = await this.#reach(answer.text());
    const value = text === '' ? undefined : readJson(text);
    if (text === '' || value !== undefined) return value as T;
    throw this.#refused(answer.status, undefined);
  }

  /**
   * The same for an answer that is no JSON: a file, a stream of events.
   *
   * @returns an answer of success; reading its body may still throw what `fetch` throws
   * @throws ControlPlaneError when the server cannot be reached or refuses
   */
  async open(method: string, path: string, { sandbox, body, signal }: ControlCall = {}): Promise<Response> {
    const answer = await this.#reach(
      this.#fetch(`${this.origin}/__admin${path}`, {
        method,
        headers: {
          ...this.#headers,
          ...(sandbox == null ? {} : { 'x-understudy-sandbox': sandbox }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (answer.ok) return answer;
    throw this.#refused(answer.status, readJson(await this.#reach(answer.text())));
  }

  async #reach<T>(asking: Promise<T>): Promise<T> {
    try {
      return await asking;
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error & { code?: string } };
      const why = cause?.message || cause?.code || message;
      throw new ControlPlaneError(null, `${this.origin} cannot be reached (${why}); ${this.#remedy}.`);
    }
  }

  #refused(status: number, answer: unknown): ControlPlaneError {
    const detail = (answer as { detail?: unknown } | undefined)?.detail;
    const why = typeof detail === 'string' ? detail : 'it does not seem to be Understudy.';
    return new ControlPlaneError(status, `${this.origin} answered ${status}: ${why}`);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
