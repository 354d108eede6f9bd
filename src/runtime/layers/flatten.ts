/** The values of an image as one vector. */
import type { FlattenSpec } from '../../format/index.ts';
import { rowsAt } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';
import { planCopy } from './patches.ts';

/** Plans `image -> vector`: pixel by pixel, without what fills up a row. */
export const planFlatten: LayerPlanner<FlattenSpec> = (plan, _spec, _name, input) => {
  const pixels = rowsAt(input, 1);
  const output = plan.acquireFlow('vector', input.width * pixels);
  const order = Int32Array.from({ length: pixels }, (_, pixel) => pixel);
  return { output, steps: [planCopy(plan, input, output, order, pixels, input.width)] };
};
