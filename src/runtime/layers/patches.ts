/** Layers that look at an image patch by patch: its values are copied out, then a patch is a row like any other. */
import {
  alignedWidth,
  type Conv2dSpec,
  type FlattenSpec,
  type MaxPool2dSpec,
  type PatchLayer,
  patchArea,
  patchPixels,
} from '../../format/index.ts';

import { type Flowing, type Plan, rowsAt, type Step } from '../plan.ts';
import { planDense } from './dense.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans a 2-d convolution: a dense layer over patches. */
export const planConv2d: LayerPlanner<Conv2dSpec> = (plan, spec, name, input, chain) => {
  const { patches, step } = planPatches(plan, spec, input, input.width);
  const { outputChannels: outputSize, activation } = spec;
  const dense = { kind: 'dense', inputSize: patches.width, outputSize, activation } as const;
  const { output, steps } = planDense(plan, dense, name, patches, chain);
  plan.release(patches.offset);
  return { output, steps: [step, ...steps] };
};

/** Plans max pooling in squares: of each patch, one row a pixel. */
export const planMaxPool2d: LayerPlanner<MaxPool2dSpec> = (plan, spec, _name, input) => {
  const { width } = input;
  const stride = alignedWidth(width);
  const { patches, step } = planPatches(plan, spec, input, stride);
  const output = plan.acquireFlow('image', width, patches.area);
  plan.release(patches.offset);
  const pixels = spec.kernelSize ** 2;
  const pool: Step = (kernels) => {
    for (let i = 0; i < rowsAt(patches, 1); i++) {
      kernels.maxPool(output.offset + 4 * stride * i, patches.offset + 4 * patches.width * i, pixels, width);
    }
  };
  return { output, steps: [step, pool] };
};

/** Plans `image -> vector`: pixel by pixel, without what fills up a row. */
export const planFlatten: LayerPlanner<FlattenSpec> = (plan, _spec, _name, input) => {
  const pixels = rowsAt(input, 1);
  const output = plan.acquireFlow('vector', input.width * pixels);
  const order = Int32Array.from({ length: pixels }, (_, pixel) => pixel);
  return { output, steps: [planCopy(plan, input, output, order, pixels, input.width)] };
};

/** The patches of an image as an image of patches, zeros where one reaches outside, and the step that copies them. */
function planPatches(plan: Plan, layer: PatchLayer, input: Flowing, stride: number): PlannedPatches {
  const { area } = input;
  const size = layer.kernelSize ** 2;
  const patches = plan.acquireFlow('image', stride * size, patchArea(layer, area!));
  return { patches, step: planCopy(plan, input, patches, patchPixels(layer, area!), size, stride) };
}

interface PlannedPatches {
  readonly patches: Flowing;
  readonly step: Step;
}

/** Plans a copy of pixels: so many of them a row, `stride` values from one to the next. */
function planCopy(
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
