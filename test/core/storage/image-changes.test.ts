// Images that are kept as their differences from another one.
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { ImageChanges } from '../../../src/core/storage/image-changes.ts';

const ORIGIN = randomBytes(10_240);

/** The origin with other bytes at these places. */
function changed(...places: number[]): Buffer {
  const image = Buffer.from(ORIGIN);
  for (const place of places) image[place] = (image[place] as number) ^ 255;
  return image;
}

t.test('an image is restored from the blocks in which it differs, and only these are kept', async (t) => {
  const cases: readonly [string, Buffer, number][] = [
    ['the same bytes', Buffer.from(ORIGIN), 0],
    ['the first and the last byte', changed(0, 10_239), 1024],
    ['two blocks side by side', changed(1023, 1024), 1024],
    ['a longer image', Buffer.concat([changed(600), randomBytes(700)]), 512 + 700],
    ['a shorter image that ends within a block', changed(5000).subarray(0, 5100), 5100 - 4608],
    ['other bytes throughout', randomBytes(10_240), 10_240],
    ['nothing', Buffer.alloc(0), 0],
  ];
  for (const [name, image, size] of cases) {
    const changes = new ImageChanges(ORIGIN, image);
    t.equal(changes.size, size, name);
    t.ok(changes.image().equals(image), name);
  }
});

t.test('a restored image is a buffer of its own', async (t) => {
  const changes = new ImageChanges(ORIGIN, changed(1));
  changes.image().fill(0);
  t.ok(changes.image().equals(changed(1)));
});
