/** What a layer is to the runtime: something that plans its memory once and gives the steps that compute it. */
import type { Flowing, Plan, Step } from '../plan.ts';

/** A planned layer. It does not release its input: the chain does, once nothing reads it any more. */
export interface PlannedLayer {
  readonly steps: readonly Step[];
  readonly output: Flowing;
}

/**
 * Plans one layer.
 *
 * @param spec the layer
 * @param name its name in the file, e.g. `layers.2`
 * @param input what it reads
 */
export type LayerPlanner<Spec> = (plan: Plan, spec: Spec, name: string, input: Flowing) => PlannedLayer;
