/** Runs exported students in ONNX Runtime, on one thread. */
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A loaded ONNX file. */
export interface OnnxModel {
  /**
   * @param ids token ids of each text; those of texts of different length are padded, where the model has a mask
   * @param padding the id that stands behind the end of a text; 0 by default
   * @returns logits of each text
   */
  run(ids: readonly ArrayLike<number>[], padding?: number): Promise<readonly Float32Array[]>;
}

/** Loads the bytes of an ONNX file. */
export async function loadOnnxModel(bytes: Uint8Array): Promise<OnnxModel> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const isMasked = session.inputNames.includes('mask');
  return {
    async run(texts, padding = 0) {
      const [batch, length] = [texts.length, Math.max(...texts.map((ids) => ids.length))];
      const ids = new BigInt64Array(batch * length).fill(BigInt(padding));
      const mask = new Uint8Array(batch * length);
      for (const [row, text] of texts.entries()) {
        for (let i = 0; i < text.length; i++) {
          ids[row * length + i] = BigInt(text[i]);
          mask[row * length + i] = 1;
        }
      }
      const dims = [batch, length];
      const feeds = { ids: new Tensor('int64', ids, dims), ...(isMasked && { mask: new Tensor('bool', mask, dims) }) };
      const { logits } = await session.run(feeds);
      const width = logits.dims[1];
      return texts.map((_, row) => (logits.data as Float32Array).slice(row * width, (row + 1) * width));
    },
  };
}
