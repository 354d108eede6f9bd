/** What a layer is to the runtime: something that plans its memory once and gives the steps that compute it. */
import type { LayerSpec } from '../../format/index.ts';
import type { Flowing, Plan, Step } from '../plan.ts';

/** A planned layer. It does not release its input: the chain does, once nothing reads it any more. */
export interface PlannedLayer {
  readonly steps: readonly Step[];
  readonly output: Flowing;
}

/** What a layer may need to know of the chain that it stands in. */
export interface Surroundings {
  /** What the student reads: the tokens that a sequence came from, or an image. */
  readonly ids: Flowing;
  /** Plans a chain inside of a layer, whose input stays readable until the chain has run. */
  planChain(layers: readonly LayerSpec[], name: string, input: Flowing): PlannedLayer;
}

/**
 * Plans one layer.
 *
 * @param spec the layer
 * @param name its name in the file, e.g. `layers.2`
 * @param input what it reads
 */
export type LayerPlanner<Spec> = (
  plan: Plan,
  spec: Spec,
  name: string,
  input: Flowing,
  surroundings: Surroundings,
) => PlannedLayer;
