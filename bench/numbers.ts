// Medians, percentiles and number formatting for the benchmark.

/** The median. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The percentile: the value below which a share (0 to 1) of all values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Formats a number with three significant digits and thousands separators; a dash for a missing value. */
export function text(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 2 });
}
