/** Self-attention of several heads within each text. */
import type { AttentionSpec } from '../../format/index.ts';
import { attention as attend } from '../ops/attention.ts';
import { PADDING_ID, type TokenBatch } from '../token-batch.ts';
import { type TrainableLayer, valuesOf } from './layer.ts';

/** Has no parameters; the projections are dense layers. */
export const attention: TrainableLayer<AttentionSpec> = {
  initialize: () => ({}),
  forward({ heads }, _, input, { batch, dropout }) {
    const { values } = valuesOf(input, batch);
    const dropped = dropout === null ? undefined : { rate: dropout.rate, seed: dropout.random.uint32() };
    return { kind: 'sequence', values: attend(values, heads, sequencesOf(batch), dropped) };
  },
};

/** Where texts and paddings begin, in turn: the padding behind a text is a sequence of its own, which no text sees. */
function sequencesOf({ batch, length, ids }: TokenBatch): Int32Array {
  const offsets = new Int32Array(2 * batch + 1);
  for (let text = 0; text < batch; text++) {
    const padding = ids.subarray(text * length, (text + 1) * length).indexOf(PADDING_ID);
    offsets[2 * text + 1] = text * length + (padding === -1 ? length : padding);
    offsets[2 * text + 2] = (text + 1) * length;
  }
  return offsets;
}
