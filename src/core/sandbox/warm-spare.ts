// One copy of the fixtures that is opened ahead: to open one is half of what a new sandbox costs, or a reset one.
import { type Database, openClone } from '../storage/database.ts';

/** Bytes of an image of which a copy more is held; a larger one is opened when it is asked for. */
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

  /** Whether a copy is open already. */
  get ready(): boolean {
    return this.#ready !== null;
  }

  /** A copy, private to whoever asks. */
  open(): Database {
    const db = this.#ready ?? openClone(this.image);
    this.#ready = null;
    if (this.image.length <= MAX_IMAGE_BYTES && this.#next === null && !this.#closed) this.#prepareNext();
    return db;
  }

  close(): void {
    this.#closed = true;
    if (this.#next !== null) clearImmediate(this.#next);
    this.#ready?.close();
    this.#ready = null;
  }

  /** Not in this turn of the event loop, at whose end answers go out, but in the next. */
  #prepareNext(): void {
    this.#next = setImmediate(() => {
      this.#next = setImmediate(() => {
        this.#next = null;
        this.#ready = openClone(this.image);
      });
    });
  }
}
