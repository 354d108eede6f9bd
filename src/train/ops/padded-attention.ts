/** Attention composed of standard operations, for backends without the engine: sequences are padded to the longest. */
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionBatch } from './attention.ts';
import { dropoutFactors } from './dropped-probabilities.ts';

/** How rows become `[sequences, longest]` and back. */
interface Padding {
  readonly sequences: number;
  readonly longest: number;
  /** Row of each padded position; behind the last row where there is none. */
  readonly rows: Int32Array;
  /** Padded position of each row. */
  readonly positions: Int32Array;
}

function planPadding(offsets: Int32Array): Padding {
  const sequences = offsets.length - 1;
  const total = offsets[sequences];
  let longest = 0;
  for (let s = 0; s < sequences; s++) longest = Math.max(longest, offsets[s + 1] - offsets[s]);
  const rows = new Int32Array(sequences * longest).fill(total);
  const positions = new Int32Array(total);
  for (let s = 0; s < sequences; s++) {
    for (let row = offsets[s]; row < offsets[s + 1]; row++) {
      positions[row] = s * longest + row - offsets[s];
      rows[positions[row]] = row;
    }
  }
  return { sequences, longest, rows, positions };
}

/** `[rows, parts * heads * size]` -> for each part `[sequences, heads, longest, size]`, zeros behind each sequence. */
function pad(x: tf.Tensor2D, parts: number, heads: number, padding: Padding): tf.Tensor4D[] {
  const { sequences, longest, rows } = padding;
  const withZeros = tf.concat([x, tf.zeros([1, x.shape[1]])]);
  const padded = tf.gather(withZeros, tf.tensor1d(rows, 'int32'));
  return tf
    .split(padded, parts, 1)
    .map((part) => tf.transpose(tf.reshape(part, [sequences, longest, heads, -1]), [0, 2, 1, 3]) as tf.Tensor4D);
}

/** The way back of one part. */
function unpad(x: tf.Tensor4D, { positions }: Padding): tf.Tensor2D {
  const [sequences, heads, longest, size] = x.shape;
  const rows = tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [sequences * longest, heads * size]);
  return tf.gather(rows, tf.tensor1d(positions, 'int32')) as tf.Tensor2D;
}

/** 0 where there is a key and -1e9 where there is padding, `[sequences, 1, 1, longest]`. */
function keyMask({ offsets }: AttentionBatch, { sequences, longest }: Padding): tf.Tensor {
  const mask = Float32Array.from({ length: sequences * longest }, (_, i) => {
    const s = Math.floor(i / longest);
    return i % longest < offsets[s + 1] - offsets[s] ? 0 : -1e9;
  });
  return tf.tensor(mask, [sequences, 1, 1, longest]);
}

/** Factors of the probabilities, `[sequences, heads, longest, longest]`; their places count without padding. */
function factors({ heads, offsets, dropRate, seed }: AttentionBatch, { sequences, longest }: Padding): tf.Tensor {
  if (dropRate === 0) return tf.scalar(1);
  const lengths = Array.from({ length: sequences }, (_, s) => offsets[s + 1] - offsets[s]);
  const count = lengths.reduce((sum, length) => sum + heads * length * length, 0);
  const drawn = dropoutFactors(count, dropRate, seed);
  const padded = new Float32Array(sequences * heads * longest * longest);
  let at = 0;
  for (let matrix = 0; matrix < sequences * heads; matrix++) {
    const length = lengths[Math.floor(matrix / heads)];
    for (let row = 0; row < length; row++, at += length) {
      padded.set(drawn.subarray(at, at + length), (matrix * longest + row) * longest);
    }
  }
  return tf.tensor(padded, [sequences, heads, longest, longest]);
}

/** @returns the output `[rows, hiddenSize]`, and the probabilities that the gradient needs */
export function composeAttention(qkv: tf.Tensor2D, batch: AttentionBatch): [tf.Tensor2D, tf.Tensor] {
  const padding = planPadding(batch.offsets);
  const [q, k, v] = pad(qkv, 3, batch.heads, padding);
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape[3]));
  const probabilities = tf.softmax(tf.add(scores, keyMask(batch, padding)));
  const mixed = tf.matMul(tf.mul(probabilities, factors(batch, padding)), v) as tf.Tensor4D;
  return [unpad(mixed, padding), probabilities];
}

/** @returns the gradient of `qkv` */
export function composeAttentionGradient(
  qkv: tf.Tensor2D,
  probabilities: tf.Tensor,
  dy: tf.Tensor2D,
  batch: AttentionBatch,
): tf.Tensor2D {
  const padding = planPadding(batch.offsets);
  const [q, k, v] = pad(qkv, 3, batch.heads, padding);
  const [d] = pad(dy, 1, batch.heads, padding);
  const kept = factors(batch, padding);
  const change = tf.mul(tf.matMul(d, v, false, true), kept);
  const mean = tf.sum(tf.mul(change, probabilities), -1, true);
  const scores = tf.mul(tf.mul(probabilities, tf.sub(change, mean)), 1 / Math.sqrt(q.shape[3]));
  const parts = [
    tf.matMul(scores, k),
    tf.matMul(scores, q, true),
    tf.matMul(tf.mul(probabilities, kept), d, true),
  ] as tf.Tensor4D[];
  return tf.concat(
    parts.map((part) => unpad(part, padding)),
    1,
  ) as tf.Tensor2D;
}
