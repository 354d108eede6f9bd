/** L-BFGS (Liu & Nocedal 1989, doi:10.1007/BF01589116) with a backtracking line search, for smooth convex losses. */

/** Loss at `point`; writes its gradient into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

const MEMORY = 10;
const MAX_ITERATIONS = 500;
/** The largest component of the gradient at which the search ends. */
const TOLERANCE = 1e-6;
/** Share of the expected decrease that a step has to bring (Armijo). */
const SUFFICIENT = 1e-4;

interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly rho: number;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

/**
 * @param pause is waited for before each iteration; what it throws ends the search
 * @returns the point where the gradient vanishes, or the last one after 500 iterations
 */
export async function minimize(
  objective: Objective,
  start: Float64Array,
  pause?: () => Promise<void>,
): Promise<Float64Array> {
  let point = start;
  let gradient = new Float64Array(start.length);
  let loss = objective(point, gradient);
  const corrections: Correction[] = [];
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    await pause?.();
    if (gradient.every((value) => Math.abs(value) < TOLERANCE)) break;
    const direction = descent(gradient, corrections);
    const next = search(objective, point, loss, gradient, direction, corrections.length === 0);
    if (next === null) break;
    const step = next.point.map((value, i) => value - point[i]);
    const change = next.gradient.map((value, i) => value - gradient[i]);
    const curvature = dot(step, change);
    if (curvature > 0) corrections.push({ step, change, rho: 1 / curvature });
    if (corrections.length > MEMORY) corrections.shift();
    ({ point, gradient, loss } = next);
  }
  return point;
}

/** The negative gradient, bent by the curvature of the last steps (two-loop recursion). */
function descent(gradient: Float64Array, corrections: readonly Correction[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const factors: number[] = [];
  for (const { step, change, rho } of [...corrections].reverse()) {
    const factor = rho * dot(step, direction);
    factors.unshift(factor);
    for (let i = 0; i < direction.length; i++) direction[i] -= factor * change[i];
  }
  const last = corrections.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (const [k, { step, change, rho }] of corrections.entries()) {
    const factor = factors[k] - rho * dot(change, direction);
    for (let i = 0; i < direction.length; i++) direction[i] += factor * step[i];
  }
  return direction;
}

function search(
  objective: Objective,
  point: Float64Array,
  loss: number,
  gradient: Float64Array,
  direction: Float64Array,
  isFirst: boolean,
): { point: Float64Array<ArrayBuffer>; gradient: Float64Array<ArrayBuffer>; loss: number } | null {
  const slope = dot(gradient, direction);
  let length = isFirst ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
  for (let halving = 0; halving < 40; halving++, length /= 2) {
    const candidate = Float64Array.from(point, (value, i) => value + length * direction[i]);
    const candidateGradient = new Float64Array(point.length);
    const candidateLoss = objective(candidate, candidateGradient);
    if (candidateLoss <= loss + SUFFICIENT * length * slope) {
      return { point: candidate, gradient: candidateGradient, loss: candidateLoss };
    }
  }
  return null;
}
