// Types of the results: tables of figures, and goals with their measured values.

/** A table of results; a figure that could not be measured is null. */
export interface Table {
  /** The part it belongs to, as in `--only`. */
  readonly part: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** Notes for the reader, one sentence each. */
  readonly notes: readonly string[];
}

/** A figure with a minimum or maximum. */
export interface Goal {
  readonly part: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly least?: number;
  readonly most?: number;
}

/** The results of a part of the benchmark. */
export interface Found {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
}

/** Durations and sizes of a run. */
export interface Extent {
  readonly rounds: number;
  readonly startRounds: number;
  /** Measure only Understudy, Prism and the bare servers. */
  readonly few: boolean;
  /** Seconds of the unmeasured first turn; of warm-up in each other turn; of measurement. */
  readonly warmUp: number;
  readonly warm: number;
  readonly seconds: number;
  /** Numbers of users to delete, of sandboxes, and of individually timed requests. */
  readonly users: number;
  readonly sandboxes: number;
  readonly samples: number;
  /** Rows of the largest database. */
  readonly most: number;
  /** Invoices of the largest company file. */
  readonly invoices: number;
  /** Rows of the sandbox whose calls are measured for how long they keep others waiting. */
  readonly stallRows: number;
  /** Seconds of the mixed load. */
  readonly mixedSeconds: number;
}

/** Reports progress. */
export type Say = (sentence: string) => void;

export function met({ value, least, most }: Goal): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}
