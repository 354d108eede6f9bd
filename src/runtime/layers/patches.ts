/** Layers that look at an image patch by patch: its pixels are copied out, then a patch is a row like any other. */
import { type Conv2dSpec, type MaxPool2dSpec, type PatchLayer, patchArea, patchPixels } from '../../format/index.ts';
import { type Flowing, type Plan, rowsAt, type Step } from '../plan.ts';
import { planDense } from './dense.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans a 2-d convolution: a dense layer over patches. */
export const planConv2d: LayerPlanner<Conv2dSpec> = (plan, spec, name, input) => {
  const { patches, step } = planPatches(plan, spec, input);
  const { outputChannels: outputSize, activation } = spec;
  const dense = { kind: 'dense', inputSize: patches.width, outputSize, activation } as const;
  const { output, steps } = planDense(plan, dense, name, patches);
  plan.release(patches.offset);
  return { output, steps: [step, ...steps] };
};

/** Plans max pooling in squares. */
export const planMaxPool2d: LayerPlanner<MaxPool2dSpec> = (plan, spec, _name, input) => {
  const { patches, step } = planPatches(plan, spec, input);
  const { width } = input;
  const output = plan.acquireFlow('image', width, patches.area);
  plan.release(patches.offset);
  const pixels = spec.kernelSize ** 2;
  const pool: Step = (kernels) => {
    for (let i = 0; i < rowsAt(patches, 1); i++) {
      kernels.maxPool(output.offset + 4 * width * i, patches.offset + 4 * patches.width * i, pixels, width);
    }
  };
  return { output, steps: [step, pool] };
};

/** The patches of an image as an image of patches, zeros where one reaches outside, and the step that copies them. */
function planPatches(plan: Plan, layer: PatchLayer, { area, width, offset }: Flowing): PlannedPatches {
  const pixels = patchPixels(layer, area!);
  const patches = plan.acquireFlow('image', width * layer.kernelSize ** 2, patchArea(layer, area!));
  const ids = plan.constant(pixels);
  return {
    patches,
    step: (kernels) => kernels.gatherFloat32(patches.offset, ids, pixels.length, offset, width),
  };
}

interface PlannedPatches {
  readonly patches: Flowing;
  readonly step: Step;
}
