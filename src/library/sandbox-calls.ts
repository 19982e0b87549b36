// The control-plane requests of one sandbox object, which end when the sandbox is deleted through it.
import { type ControlPlane, ControlPlaneError } from './control-plane.ts';

/** Sends the requests of one sandbox. */
export class SandboxCalls {
  readonly #control: ControlPlane;
  readonly #name: string;
  #deleted = false;

  constructor(control: ControlPlane, name: string) {
    this.#control = control;
    this.#name = name;
  }

  /** Whether the sandbox was deleted through `delete`. */
  get deleted(): boolean {
    return this.#deleted;
  }

  /**
   * Sends a request; resolves to the JSON of the response.
   *
   * @param path below `/__admin`, e.g. `/reset`
   * @throws ControlPlaneError when the server rejects the request, or the sandbox was deleted
   */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    this.#assertThere();
    return await this.#control.call(method, path, { sandbox: this.#name, body });
  }

  /** Deletes the sandbox; from here on every call is refused, since a write would create it again. */
  async delete(): Promise<void> {
    this.#assertThere();
    this.#deleted = true;
    try {
      await this.#control.call('DELETE', `/sandboxes/${encodeURIComponent(this.#name)}`);
    } catch (error) {
      this.#deleted = false;
      throw error;
    }
  }

  #assertThere(): void {
    if (!this.#deleted) return;
    throw new ControlPlaneError(
      null,
      `Sandbox ${this.#name} was deleted through this object; get a new one from sandbox().`,
    );
  }
}
