// What the page knows, in cells: when one changes, the page is drawn anew. A page this small needs no finer news.

/** A value that the page shows. */
export interface Cell<T> {
  value: T;
}

let redraw = () => {};

/** Makes a cell. */
export function cell<T>(initial: T): Cell<T> {
  let kept = initial;
  return {
    get value() {
      return kept;
    },
    set value(next) {
      if (next === kept) return;
      kept = next;
      redraw();
    },
  };
}

/** A value made from a cell's, made anew only when that has rowsVersion. */
export function derived<T, S>(source: Cell<S>, make: (value: S) => T): { readonly value: T } {
  let from: S;
  let kept: T;
  return {
    get value() {
      if (source.value !== from) {
        from = source.value;
        kept = make(from);
      }
      return kept;
    },
  };
}

/** Has `draw` called after every change; it may be called often. */
export function onChange(draw: () => void): void {
  redraw = draw;
}
