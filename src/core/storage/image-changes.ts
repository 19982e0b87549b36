// The bytes of a database image that differ from another one, so that sandboxes that changed little stay small.

/** Bytes are compared in blocks of this size, that of a page of a small image. */
const BLOCK = 512;

interface Range {
  readonly start: number;
  readonly bytes: Buffer;
}

/** An image, kept as its differences from an origin, which it holds on to. */
export class ImageChanges {
  readonly #origin: Buffer;
  readonly #length: number;
  readonly #ranges: readonly Range[];

  constructor(origin: Buffer, image: Buffer) {
    this.#origin = origin;
    this.#length = image.length;
    this.#ranges = changedRanges(origin, image).map(([start, end]) => ({ start, bytes: ownCopy(image, start, end) }));
  }

  /** The bytes that are kept besides the origin. */
  get size(): number {
    return this.#ranges.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** The image, as a new buffer. */
  image(): Buffer {
    const image = Buffer.allocUnsafe(this.#length);
    this.#origin.copy(image);
    for (const { start, bytes } of this.#ranges) bytes.copy(image, start);
    return image;
  }
}

/** Starts and ends of what differs, in ascending order; what is beyond the end of the origin does. */
function changedRanges(origin: Buffer, image: Buffer): [number, number][] {
  const found: [number, number][] = [];
  const add = (start: number, end: number) => {
    const last = found.at(-1);
    if (last?.[1] === start) last[1] = end;
    else found.push([start, end]);
  };
  // Equal halves are found by one comparison, so an image that changed little costs few.
  const compare = (start: number, end: number) => {
    if (origin.compare(image, start, end, start, end) === 0) return;
    if (end - start <= BLOCK) return add(start, end);
    const middle = start + BLOCK * Math.ceil((end - start) / BLOCK / 2);
    compare(start, middle);
    compare(middle, end);
  };
  const shared = Math.min(origin.length, image.length);
  compare(0, shared);
  if (image.length > shared) add(shared, image.length);
  return found;
}

/** A copy that does not keep the whole image, or a pool of buffers, in memory. */
function ownCopy(image: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(end - start);
  image.copy(copy, 0, start, end);
  return copy;
}
