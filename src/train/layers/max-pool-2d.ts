/** Max pooling of an image in squares. */
import { type MaxPool2dSpec, patchArea } from '../../format/index.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import { sequenceMax } from '../ops/sequence-max.ts';
import type { ImageFlow, TrainableLayer } from './layer.ts';
import { patchesOf } from './patches.ts';

/** Has no parameters. */
export const maxPool2d: TrainableLayer<MaxPool2dSpec> = {
  initialize: () => ({}),
  forward(spec, _, input, { batch: { batch } }) {
    const { values, area } = input as ImageFlow;
    const ids = patchesOf(spec, area, batch);
    const length = spec.kernelSize ** 2;
    const pooled = sequenceMax(gatherRows(values, ids), { batch: ids.length / length, length, ids });
    return { kind: 'image', values: pooled, area: patchArea(spec, area) };
  },
};
