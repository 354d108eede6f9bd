/** Permutations of axes as few large moves: axes of size 1 dropped, axes that stay neighbours merged. */

/** A permutation in its smallest form. */
interface Reduced {
  readonly shape: number[];
  /** Axis of the input for each axis of the output. */
  readonly perm: number[];
}

function reduce(shape: readonly number[], perm: readonly number[]): Reduced {
  const kept = perm.filter((axis) => shape[axis] !== 1);
  const groups: number[][] = [];
  for (const axis of kept) {
    const group = groups.at(-1);
    const follows = group !== undefined && nextKept(shape, group.at(-1) as number) === axis;
    if (follows) group.push(axis);
    else groups.push([axis]);
  }
  const order = groups.map((_, i) => i).sort((i, j) => groups[i][0] - groups[j][0]);
  const size = (group: readonly number[]): number => group.reduce((product, axis) => product * shape[axis], 1);
  return { shape: order.map((i) => size(groups[i])), perm: groups.map((_, i) => order.indexOf(i)) };
}

function nextKept(shape: readonly number[], axis: number): number {
  let next = axis + 1;
  while (shape[next] === 1) next++;
  return next;
}

/** What the assembly's `permute` takes; strides are bytes. */
export interface PermutationPlan {
  /** Size, stride of the output and stride of the input of each outer axis. */
  readonly axes: readonly (readonly [number, number, number])[];
  readonly toStride: number;
  readonly fromStride: number;
  /** 0 where the innermost axis stays where it is. */
  readonly rows: number;
  readonly columns: number;
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 4;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** @returns the plan, or null where nothing moves */
export function planPermutation(shape: readonly number[], perm: readonly number[]): PermutationPlan | null {
  const reduced = reduce(shape, perm);
  if (reduced.perm.every((axis, i) => axis === i)) return null;
  const inStrides = stridesOf(reduced.shape);
  const outStrides = stridesOf(reduced.perm.map((axis) => reduced.shape[axis]));
  const last = reduced.shape.length - 1;
  const lastOut = reduced.perm.indexOf(last);
  const inner = lastOut === last ? [last] : [lastOut, last];
  const axes = reduced.perm.flatMap((axis, i) =>
    inner.includes(i) ? [] : [[reduced.shape[axis], outStrides[i], inStrides[axis]] as const],
  );
  const columns = reduced.shape[last];
  if (lastOut === last) return { axes, toStride: 0, fromStride: 0, rows: 0, columns };
  const across = reduced.perm[last];
  return { axes, toStride: outStrides[lastOut], fromStride: inStrides[across], rows: reduced.shape[across], columns };
}
