/** Axes of charts: where round numbers fall. */

/** A way from values to pixels. */
export interface Axis {
  readonly ticks: readonly number[];
  position(value: number): number;
}

/** A linear axis over `values`, from pixel `from` to pixel `to`, with about `count` round ticks. */
export function linearAxis(values: readonly number[], from: number, to: number, count = 5): Axis {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = roundStep((high - low || Math.abs(high) || 1) / count);
  const start = Math.floor(low / step) * step;
  const end = Math.max(start + step, Math.ceil(high / step) * step);
  const steps = Math.round((end - start) / step);
  return {
    ticks: Array.from({ length: steps + 1 }, (_, i) => Number((start + i * step).toPrecision(12))),
    position: (value) => from + ((value - start) / (end - start)) * (to - from),
  };
}

/** A logarithmic axis over positive `values` with a tick at each power of ten. */
export function logAxis(values: readonly number[], from: number, to: number): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => Number(`1e${low + i}`)),
    position: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * 0.999) ?? 10;
  return factor * power;
}
