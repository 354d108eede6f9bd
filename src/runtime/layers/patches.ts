/** Copies what layers look at out of an image: then a patch is a row like any other. */
import { alignedWidth, type PatchLayer, patchArea, patchPixels } from '../../format/index.ts';
import type { Flowing, Plan, Step } from '../plan.ts';

/** The patches of an image as an image of patches, zeros where one reaches outside, and the step that copies them. */
export function planPatches(plan: Plan, layer: PatchLayer, input: Flowing, stride: number): PlannedPatches {
  const { area } = input;
  const size = layer.kernelSize ** 2;
  const patches = plan.acquireFlow('image', stride * size, patchArea(layer, area!));
  return { patches, step: planCopy(plan, input, patches, patchPixels(layer, area!), size, stride) };
}

/** Patches, and the step that copies them. */
export interface PlannedPatches {
  readonly patches: Flowing;
  readonly step: Step;
}

/** Plans a copy of pixels: so many of them a row, `stride` values from one to the next. */
export function planCopy(
  plan: Plan,
  { offset: x, width }: Flowing,
  { offset: out }: Flowing,
  pixels: Int32Array,
  pixelsPerRow: number,
  stride: number,
): Step {
  const rowStride = alignedWidth(pixelsPerRow * stride);
  const ids = new Int32Array((pixels.length / pixelsPerRow) * rowStride).fill(-1);
  for (const [i, pixel] of pixels.entries()) {
    const at = Math.floor(i / pixelsPerRow) * rowStride + (i % pixelsPerRow) * stride;
    for (let c = 0; c < width && pixel >= 0; c++) ids[at + c] = pixel * alignedWidth(width) + c;
  }
  const from = plan.constant(ids);
  return (kernels) => kernels.gatherElements(out, from, ids.length, x);
}
