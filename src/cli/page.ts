// The output that a command writes to, and text that is safe to write to a terminal.

/** Where text is written; a terminal has `isTTY` and its width. */
export interface Page {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Escapes control characters: an id that a client chose must not send commands to the terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
