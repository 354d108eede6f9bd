/** One vector a text from the vectors of its tokens, as a product, which every backend has. */
import * as tf from '@tensorflow/tfjs-core';

/** The mean over all tokens, special ones included (as sentence-transformers has it), or the first token's vector. */
export type Pooling = 'mean' | 'cls';

/** The share of each token in the vector of each text, `[texts, tokens]`. */
function shares(offsets: Int32Array, pooling: Pooling): tf.Tensor2D {
  const texts = offsets.length - 1;
  const tokens = offsets[texts];
  const share = new Float32Array(texts * tokens);
  for (let text = 0; text < texts; text++) {
    const [first, end] = [offsets[text], offsets[text + 1]];
    const counted = pooling === 'cls' ? 1 : end - first;
    share.fill(1 / counted, text * tokens + first, text * tokens + first + counted);
  }
  return tf.tensor2d(share, [texts, tokens]);
}

/**
 * @param x `[tokens, width]`
 * @param offsets where each text begins, and where the last one ends, `[texts + 1]`; no text is empty
 * @returns `[texts, width]`
 */
export function pool(x: tf.Tensor2D, offsets: Int32Array, pooling: Pooling): tf.Tensor2D {
  const op = tf.customGrad((...inputs) => {
    const [vectors, save] = inputs as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    const share = shares(offsets, pooling);
    save([share]);
    return {
      value: tf.matMul(share, vectors),
      gradFunc: (dy, saved) => tf.matMul(saved[0] as tf.Tensor2D, dy as tf.Tensor2D, true),
    };
  });
  return op(x) as tf.Tensor2D;
}
