/** 2-d convolution: of each patch of an image, a row of a dense layer. */
import type { Conv2dSpec } from '../../format/index.ts';
import { planDense } from './dense.ts';
import type { LayerPlanner } from './layer.ts';
import { planPatches } from './patches.ts';

/** Plans a 2-d convolution: a dense layer over patches. */
export const planConv2d: LayerPlanner<Conv2dSpec> = (plan, spec, name, input, chain) => {
  const { patches, step } = planPatches(plan, spec, input, input.width);
  const { outputChannels: outputSize, activation } = spec;
  const dense = { kind: 'dense', inputSize: patches.width, outputSize, activation } as const;
  const { output, steps } = planDense(plan, dense, name, patches, chain);
  plan.release(patches.offset);
  return { output, steps: [step, ...steps] };
};
