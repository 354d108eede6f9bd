/**
 * Time, where it can be had. In Cloudflare's production runtime the clocks stand still while code runs, as a defense
 * against timing attacks (developers.cloudflare.com/workers/runtime-apis/performance): every computation seems to take
 * 0 ms. A latency is unknown there, and unknown is what the server says.
 */

/** Milliseconds since any fixed moment; advances while the processor works. */
export type Clock = () => number;

/** The clock of this host, or null where the host's clocks stand still while code runs. */
export function hostClock(): Clock | null {
  const userAgent = typeof navigator === 'undefined' ? undefined : navigator.userAgent;
  return userAgent === 'Cloudflare-Workers' ? null : () => performance.now();
}

/** The smallest of `values` that at least the fraction `rank` of them do not exceed (nearest-rank percentile). */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)]!;
}
