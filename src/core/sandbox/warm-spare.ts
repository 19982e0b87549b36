// Keeps one opened copy of the fixture image ready; opening it is half the cost of creating or resetting a sandbox.
import { type Database, openClone } from '../storage/database.ts';

/** Maximum size of an image that is opened ahead, in bytes; larger ones are opened on demand. */
const MAX_IMAGE_BYTES = 1024 * 1024;

/** Opens copies of one image. */
export class WarmCopy {
  readonly image: Buffer;
  #ready: Database | null = null;
  #next: NodeJS.Immediate | null = null;
  #closed = false;

  constructor(image: Buffer) {
    this.image = image;
  }

  /** Whether a copy is open and waiting. */
  get ready(): boolean {
    return this.#ready !== null;
  }

  /** Returns a private copy and schedules the next one. */
  open(): Database {
    const db = this.#ready ?? openClone(this.image);
    this.#ready = null;
    if (this.image.length <= MAX_IMAGE_BYTES && this.#next === null && !this.#closed) this.#prepareNext();
    return db;
  }

  /** Closes the waiting copy and stops preparing more. */
  close(): void {
    this.#closed = true;
    if (this.#next !== null) clearImmediate(this.#next);
    this.#ready?.close();
    this.#ready = null;
  }

  /** Opens the next copy one turn of the event loop later: queued responses are sent at the end of this turn. */
  #prepareNext(): void {
    this.#next = setImmediate(() => {
      this.#next = setImmediate(() => {
        this.#next = null;
        this.#ready = openClone(this.image);
      });
    });
  }
}
