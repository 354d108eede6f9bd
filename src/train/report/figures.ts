/** Numbers as people read them. */

const KILOBYTE = 1000;

/** Decimal units, 1 KB is 1,000 bytes; null is a size that nobody knows. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return 'unknown';
  if (bytes < KILOBYTE) return `${bytes} B`;
  // From here on one decimal of a KB rounds up to 1000.0.
  if (bytes < 999_950) return `${(bytes / KILOBYTE).toFixed(1)} KB`;
  return `${(bytes / KILOBYTE ** 2).toFixed(1)} MB`;
}

/** Three significant digits, in ms. */
export function formatMs(ms: number): string {
  return ms < 100 ? ms.toPrecision(3) : ms.toFixed(0);
}

/** An accuracy or another share, three digits: `.937`. */
export function formatShare(share: number): string {
  return share >= 1 ? share.toFixed(3) : share.toFixed(3).replace(/^0/, '');
}

/** How many times, two significant digits: `2.4x`, `110x`, `2,200x`. */
export function formatTimes(times: number): string {
  return times < 10 ? `${times.toFixed(1)}x` : `${Number(times.toPrecision(2)).toLocaleString('en')}x`;
}
