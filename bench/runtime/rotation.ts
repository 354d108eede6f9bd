/**
 * Turns of several contestants on one machine. What else runs there only ever adds to a time, for a moment or for minutes,
 * so all take turns that are short, and of the rotations, in which each has had one, the quieter half counts: the same
 * ones for all.
 */
import { median, percentile } from '../../src/train/evaluation/percentile.ts';

/** Milliseconds of a call. */
export interface Latency {
  /** Median of the quieter half. */
  readonly p50Ms: number;
  /** Of all rotations: what else runs there is part of it. */
  readonly p95Ms: number;
}

/** How long to go on, and for how many rotations at least. */
export interface RotationPlan {
  readonly budgetMs: number;
  readonly leastRotations: number;
}

/** Samples of each contestant in one rotation. */
export type Rotation = readonly (readonly number[])[];

/** @param takeTurns one of each contestant, which gives its samples */
export async function rotate(
  takeTurns: readonly (() => Promise<readonly number[]>)[],
  { budgetMs, leastRotations }: RotationPlan,
): Promise<readonly Latency[]> {
  const rotations: Rotation[] = [];
  for (const end = performance.now() + budgetMs; rotations.length < leastRotations || performance.now() < end; ) {
    const rotation = [];
    for (const takeTurn of takeTurns) rotation.push(await takeTurn());
    rotations.push(rotation);
  }
  const quiet = quieterHalf(rotations);
  const at = (part: number, some: readonly Rotation[], i: number): number =>
    percentile(
      some.flatMap((rotation) => rotation[i]).sort((a, b) => a - b),
      part,
    );
  return takeTurns.map((_, i) => ({ p50Ms: at(0.5, quiet, i), p95Ms: at(0.95, rotations, i) }));
}

/** Those in which the contestants took the least, each measured by its own median over all of them; half, rounded up. */
export function quieterHalf(rotations: readonly Rotation[]): readonly Rotation[] {
  const usual = rotations[0].map((_, i) => median(rotations.map((rotation) => median(rotation[i]))));
  const loudness = (rotation: Rotation): number =>
    rotation.reduce((sum, times, i) => sum + median(times) / usual[i], 0);
  const sorted = rotations.map((rotation) => ({ rotation, loud: loudness(rotation) })).sort((a, b) => a.loud - b.loud);
  return sorted.slice(0, Math.ceil(rotations.length / 2)).map(({ rotation }) => rotation);
}
