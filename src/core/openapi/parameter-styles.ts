// The styles in which OpenAPI writes a list, an object or a scalar as one text.

/** How a parameter is written. */
export interface Style {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly style: string;
  readonly explode: boolean;
}

const SEPARATORS: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' };

/** Whether a parameter is one of many `name=value`, as in a query and in cookies. */
export function isForm(parameter: Pick<Style, 'in'>): boolean {
  return parameter.in === 'query' || parameter.in === 'cookie';
}

/** A text without the mark that its style puts before it: `.` of label, `;name=` of matrix. */
export function scalarOf(text: string, parameter: Style): string {
  const { style, name } = parameter;
  if (style === 'label') return text.replace(/^\./, '');
  return style === 'matrix' ? withoutName(text.replace(/^;/, ''), name) : text;
}

/** The elements of a list. */
export function listOf(text: string, parameter: Style): string[] {
  const { style, explode, name } = parameter;
  if (style === 'matrix' && explode) return piecesOf(text, parameter).map((piece) => withoutName(piece, name));
  return eachIsAKey(parameter) ? [text] : piecesOf(text, parameter);
}

/** The properties of an object; undefined for a text that is none. */
export function objectOf(text: string, parameter: Style): Record<string, string> | undefined {
  if (eachIsAKey(parameter)) return undefined;
  const pieces = piecesOf(text, parameter);
  if (parameter.explode) {
    return Object.fromEntries(
      pieces.map((piece) => {
        const at = piece.indexOf('=');
        return at === -1 ? [piece, ''] : [piece.slice(0, at), piece.slice(at + 1)];
      }),
    );
  }
  if (pieces.length % 2 === 1) return undefined;
  return Object.fromEntries(pieces.flatMap((piece, n) => (n % 2 === 0 ? [[piece, pieces[n + 1] as string]] : [])));
}

/** Whether each element or property has a key of its own in the query or a cookie, so that a text is one of them. */
function eachIsAKey(parameter: Style): boolean {
  return isForm(parameter) && parameter.explode;
}

function piecesOf(text: string, parameter: Style): string[] {
  const { style, explode } = parameter;
  if (style === 'matrix') return explode ? text.replace(/^;/, '').split(';') : scalarOf(text, parameter).split(',');
  const inner = scalarOf(text, parameter);
  // Until OpenAPI 3.0.3 a label had dots between all pieces, since then commas unless it is exploded.
  if (style === 'label') return inner.split(explode || !inner.includes(',') ? '.' : ',');
  const pieces = inner.split(SEPARATORS[style] ?? ',');
  return parameter.in === 'header' ? pieces.map((piece) => piece.trim()) : pieces;
}

function withoutName(text: string, name: string): string {
  return text.startsWith(`${name}=`) ? text.slice(name.length + 1) : text;
}
