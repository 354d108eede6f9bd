/**
 * Figures as people read them.
 */

/** Three significant digits, e.g. `1,230`, `65.3`, `0.0417`. */
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Bytes with the unit that fits, 1 KB is 1,000 bytes; null is a size that nobody knows. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return 'unknown';
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${digits.format(bytes / 1e3)} KB` : `${digits.format(bytes / 1e6)} MB`;
}

/** Milliseconds, or microseconds below a tenth of one. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 0.1 ? `${digits.format(milliseconds * 1000)} µs` : `${digits.format(milliseconds)} ms`;
}

/** A probability as a percentage. */
export function formatScore(score: number): string {
  return percent.format(score);
}
