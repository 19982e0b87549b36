// Sets of row numbers as bytes: made, asked and read in order many times faster than sets and sorted arrays.

/** A byte for each number up to the largest: 1 where it is one of these. */
export function bytesOf(numbers: readonly number[]): Uint8Array {
  let largest = 0;
  for (const one of numbers) largest = Math.max(largest, one);
  const bytes = new Uint8Array(largest + 1);
  for (const one of numbers) bytes[one] = 1;
  return bytes;
}

/** The numbers of a set, in ascending order. */
export function numbersOf(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let one = 0; one < bytes.length; one++) if (bytes[one] === 1) numbers.push(one);
  return numbers;
}
