/** Residual connection: the chain inside it is planned while its input is kept. */
import type { LayerSpec, ResidualSpec } from '../../format/index.ts';
import { type Flowing, type Plan, rowsAt } from '../plan.ts';
import type { PlannedLayer } from './layer.ts';

/** Plans a chain of layers; `keepInput` leaves the input of the chain readable until the chain has run. */
export type ChainPlanner = (
  plan: Plan,
  layers: readonly LayerSpec[],
  name: string,
  input: Flowing,
  keepInput: boolean,
) => PlannedLayer;

/** Plans `f(x) + x`; `f` is planned by `planChain`. */
export function planResidual(
  plan: Plan,
  spec: ResidualSpec,
  name: string,
  input: Flowing,
  planChain: ChainPlanner,
): PlannedLayer {
  const { steps, output } = planChain(plan, spec.layers, name, input, true);
  return {
    output,
    steps: [...steps, (kernels, count) => kernels.add(output.offset, input.offset, rowsAt(input, count), input.width)],
  };
}
