/** Max pooling of an image in squares. */
import { alignedWidth, type MaxPool2dSpec } from '../../format/index.ts';
import { rowsAt, type Step } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';
import { planPatches } from './patches.ts';

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
