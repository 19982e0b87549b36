// HTTP client of the control plane; an error is thrown with one sentence that names the server and the reason.
import { withoutTrailingSlashes } from '../core/sandbox/trailing-slashes.ts';

/** The server could not be reached, or responded with an error; the message names the server and the reason. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError';
  /** The status of the response; null when there was none. */
  readonly status: number | null;

  constructor(status: number | null, message: string) {
    super(message);
    this.status = status;
  }
}

/** Which server, and how to reach it. */
export interface ControlPlaneOptions {
  /** Its origin, e.g. `http://127.0.0.1:4010`; trailing slashes are ignored. */
  readonly origin: string;
  /** The server's `--admin-token`, where it has one. */
  readonly token?: string | null;
  /** The global `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch;
  /** What to do when it cannot be reached: the end of that sentence. */
  readonly remedy?: string;
}

/** Options of a request. */
export interface ControlCall {
  /** The sandbox to use; by default the one named `default`. */
  readonly sandbox?: string | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Client of one server. */
export class ControlPlane {
  readonly origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof globalThis.fetch;
  readonly #remedy: string;

  constructor({ origin, token = null, fetch = globalThis.fetch, remedy }: ControlPlaneOptions) {
    this.origin = withoutTrailingSlashes(origin);
    this.#headers = token === null ? {} : { authorization: `Bearer ${token}` };
    this.#fetch = fetch;
    this.#remedy = remedy ?? 'start it, or name it with --url';
  }

  /**
   * Sends a request; resolves to the JSON of the response, or to undefined where it has no body.
   *
   * @param path below `/__admin`, e.g. `/reset`
   * @throws ControlPlaneError when the server cannot be reached, responds with an error, or is not Understudy
   */
  async call<T = unknown>(method: string, path: string, call: ControlCall = {}): Promise<T> {
    const response = await this.open(method, path, call);
    const text = await this.#reach(response.text());
    const value = text === '' ? undefined : readJson(text);
    if (text === '' || value !== undefined) return value as T;
    throw this.#refused(response.status, undefined);
  }

  /**
   * Sends a request whose response is not JSON: a file, an event stream.
   *
   * @returns a successful response; reading its body may still throw as `fetch` does
   * @throws ControlPlaneError when the server cannot be reached or responds with an error
   */
  async open(method: string, path: string, { sandbox, body, signal }: ControlCall = {}): Promise<Response> {
    const response = await this.#reach(
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
    if (response.ok) return response;
    throw this.#refused(response.status, readJson(await this.#reach(response.text())));
  }

  /** Sends a request to a provider of the server; `path` is from the root. @throws ControlPlaneError without a response */
  async send(path: string, request: RequestInit): Promise<Response> {
    return await this.#reach(this.#fetch(this.origin + path, request));
  }

  async #reach<T>(pending: Promise<T>): Promise<T> {
    try {
      return await pending;
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error & { code?: string } };
      const why = cause?.message || cause?.code || message;
      throw new ControlPlaneError(null, `${this.origin} cannot be reached (${why}); ${this.#remedy}.`);
    }
  }

  #refused(status: number, response: unknown): ControlPlaneError {
    const detail = (response as { detail?: unknown } | undefined)?.detail;
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
