// Path globs: `*` matches within a segment, `**` across segments. Matching takes linear time on every path.

/** Maximum length of a glob: longer ones would cost memory, a bit set per character. */
export const LONGEST_GLOB = 2000;

const SLASH = '/'.charCodeAt(0);
const BITS = 32;

/**
 * Compiles a glob to a test of paths.
 *
 * The matcher keeps the set of positions in the glob that the path read so far can end at, as bits ("shift-and",
 * Baeza-Yates and Gonnet). A RegExp backtracks: `*-*-*x` takes cubic time on dashes, and two pointers take quadratic
 * time once `*` and `**` are mixed.
 *
 * @param glob at most `LONGEST_GLOB` characters
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const parts = glob.split(/(\*+)/);
  const literal = parts.filter((_, n) => n % 2 === 0).join('');
  const words = Math.floor(literal.length / BITS) + 1;
  const none = new Uint32Array(words);
  /** By character, the positions before it. */
  const before = new Map<number, Uint32Array>();
  for (let at = 0; at < literal.length; at++) {
    const code = literal.charCodeAt(at);
    const positions = before.get(code) ?? new Uint32Array(words);
    before.set(code, positions);
    add(positions, at);
  }
  const [inSegments, anywhere] = [new Uint32Array(words), new Uint32Array(words)];
  let position = 0;
  for (const [n, part] of parts.entries()) {
    if (n % 2 === 0) position += part.length;
    else add(part === '*' ? inSegments : anywhere, position);
  }
  for (const [n, bits] of anywhere.entries()) inSegments[n] = (inSegments[n] as number) | bits;

  return (path) => {
    const reached = new Uint32Array(words);
    reached[0] = 1;
    for (let at = 0; at < path.length; at++) {
      const code = path.charCodeAt(at);
      if (!advance(reached, before.get(code) ?? none, code === SLASH ? anywhere : inSegments)) return false;
    }
    return has(reached, literal.length);
  };
}

/** Moves the positions in `taken` on by one and keeps those in `stay`; returns whether any is left. */
function advance(reached: Uint32Array, taken: Uint32Array, stay: Uint32Array): boolean {
  let carry = 0;
  let left = 0;
  for (let n = 0; n < reached.length; n++) {
    const bits = reached[n] as number;
    const moved = bits & (taken[n] as number);
    const next = (moved << 1) | carry | (bits & (stay[n] as number));
    carry = moved >>> (BITS - 1);
    reached[n] = next;
    left |= next;
  }
  return left !== 0;
}

function add(positions: Uint32Array, at: number): void {
  const word = Math.floor(at / BITS);
  positions[word] = (positions[word] as number) | (1 << (at % BITS));
}

function has(positions: Uint32Array, at: number): boolean {
  return (((positions[Math.floor(at / BITS)] as number) >>> (at % BITS)) & 1) === 1;
}
