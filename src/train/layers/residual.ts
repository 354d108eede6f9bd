/** `x + f(x)`. */
import type { ResidualSpec } from '../../format/index.ts';
import { sum } from '../ops/elementwise.ts';
import { type TrainableLayer, type ValueFlow, valuesOf } from './layer.ts';

/** Has no parameters of its own; those of `f` are initialized with the chain. */
export const residual: TrainableLayer<ResidualSpec> = {
  initialize: () => ({}),
  forward({ layers }, parameters, input, context) {
    const flow = valuesOf(input, context.batch);
    const change = context.chain(layers, parameters, flow) as ValueFlow;
    return { kind: flow.kind, values: sum(flow.values, change.values) };
  },
};
