/** Attention of several heads over sequences that follow one another. */
import type { OwnKernel } from './own-kernel.ts';

/** The batch, and which of its probabilities are dropped. */
export interface AttentionAttributes {
  readonly heads: number;
  /** First row of each sequence and the end of the last, `[sequences + 1]`. */
  readonly offsets: Int32Array;
  /** Share of the probabilities that become 0. */
  readonly dropRate: number;
  /** Draws them; 32 bits. */
  readonly seed: number;
}

/** Lengths of the sequences. */
function lengthsOf(offsets: Int32Array): readonly number[] {
  return Array.from(offsets.subarray(1), (end, i) => end - offsets[i]);
}

/** `{ qkv }` -> `[out, probabilities]` */
export const attention: OwnKernel<AttentionAttributes> = (engine, { qkv }, attributes) => {
  const { heads, offsets, dropRate, seed } = attributes;
  const [rows, width] = qkv.shape;
  const lengths = lengthsOf(offsets);
  const out = engine.output([rows, width / 3]);
  const probabilities = engine.output([lengths.reduce((sum, length) => sum + heads * length * length, 0)]);
  const { address, end } = engine.upload(offsets, engine.kernels.attentionScratchBytes(Math.max(0, ...lengths)));
  const [to, p, from] = [out, probabilities, qkv].map(engine.address);
  engine.kernels.attention(to, p, from, address, lengths.length, heads, width / 3 / heads, dropRate, seed, end);
  return [out, probabilities];
};

/** `{ qkv, probabilities, dy }` -> `[dqkv]` */
export const attentionGradient: OwnKernel<AttentionAttributes> = (engine, inputs, attributes) => {
  const { heads, offsets, dropRate, seed } = attributes;
  const { qkv, probabilities, dy } = inputs;
  const size = qkv.shape[1] / 3 / heads;
  const lengths = lengthsOf(offsets);
  const dqkv = engine.output(qkv.shape);
  const { address, end } = engine.upload(offsets, engine.kernels.attentionScratchBytes(Math.max(0, ...lengths)));
  const [to, from, p, d] = [dqkv, qkv, probabilities, dy].map(engine.address);
  engine.kernels.attentionGradient(to, from, p, d, address, lengths.length, heads, size, dropRate, seed, end);
  return [dqkv];
};
