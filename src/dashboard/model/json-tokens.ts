// Splits pretty-printed JSON into tokens for syntax highlighting.

/** A token of pretty-printed JSON. */
export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'word' | 'plain';
  readonly text: string;
}

/** Highlighting stops after this many tokens: more elements slow the page down. */
const MOST = 4000;

const PIECES = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** The tokens of a value, pretty-printed; a string is shown as it is. */
export function tokensOf(value: unknown): Token[] {
  if (typeof value === 'string') return [{ kind: 'plain', text: value }];
  const text = JSON.stringify(value, null, 2) ?? '';
  const tokens: Token[] = [];
  let done = 0;
  for (const match of text.matchAll(PIECES)) {
    if (tokens.length >= MOST) break;
    const [piece, quoted, colon] = match;
    if (match.index > done) tokens.push({ kind: 'plain', text: text.slice(done, match.index) });
    const kind =
      quoted === undefined ? (/^[tfn]/.test(piece) ? 'word' : 'number') : colon === undefined ? 'text' : 'name';
    tokens.push({ kind, text: piece });
    done = match.index + piece.length;
  }
  if (done < text.length) tokens.push({ kind: 'plain', text: text.slice(done) });
  return tokens;
}
