// What a run finds: tables of figures, and goals with what became of them.

/** A table; a figure that could not be measured is null. */
export interface Table {
  /** The part it belongs to, as `--only` names it. */
  readonly part: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** What a reader must know, a sentence each. */
  readonly notes: readonly string[];
}

/** A figure that has to be so much at least, or at most. */
export interface Goal {
  readonly part: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly least?: number;
  readonly most?: number;
}

/** What a part of the benchmark gives. */
export interface Found {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
}

/** How long and how often to measure. */
export interface Extent {
  readonly rounds: number;
  readonly startRounds: number;
  /** Only Understudy, Prism and the bare servers. */
  readonly few: boolean;
  /** Seconds of the turn that does not count; of load before measuring in each other turn; of measuring. */
  readonly warmUp: number;
  readonly warm: number;
  readonly seconds: number;
  /** Users of the deletions; sandboxes; and single requests that are timed. */
  readonly users: number;
  readonly sandboxes: number;
  readonly samples: number;
  /** Rows of the largest database. */
  readonly most: number;
}

/** Tells what is under way. */
export type Say = (sentence: string) => void;

export function met({ value, least, most }: Goal): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}
