/** Runs exported students in ONNX Runtime, on one thread. */
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** What a model reads: token ids of a text, or of two; or the bytes of an image. */
export type OnnxInput = ArrayLike<number> | { readonly ids: ArrayLike<number>; readonly pairIds: ArrayLike<number> };

/** A loaded ONNX file. */
export interface OnnxModel {
  /**
   * @param inputs token ids of texts of different length are padded, where the model has a mask
   * @param padding the id that stands behind the end of a text; 0 by default
   * @returns what the model gives for each input
   */
  run(inputs: readonly OnnxInput[], padding?: number): Promise<readonly Float32Array[]>;
}

/** Loads the bytes of an ONNX file. */
export async function loadOnnxModel(bytes: Uint8Array): Promise<OnnxModel> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const { inputNames, outputNames } = session;
  return {
    async run(inputs, padding = 0) {
      const feeds = inputNames.includes('pixels')
        ? { pixels: pixelsOf(session, inputs as readonly ArrayLike<number>[]) }
        : {
            ...textFeeds(inputs.map(firstIds), padding, 'ids', 'mask'),
            ...textFeeds(inputs.map(secondIds), padding, 'pairIds', 'pairMask'),
          };
      const due = Object.entries(feeds).filter(([name]) => inputNames.includes(name));
      const output = (await session.run(Object.fromEntries(due)))[outputNames[0]];
      const size = output.size / inputs.length;
      return inputs.map((_, row) => (output.data as Float32Array).slice(row * size, (row + 1) * size));
    },
  };
}

const firstIds = (input: OnnxInput): ArrayLike<number> => ('ids' in input ? input.ids : input);
const secondIds = (input: OnnxInput): ArrayLike<number> => ('pairIds' in input ? input.pairIds : []);

function textFeeds(
  texts: readonly ArrayLike<number>[],
  padding: number,
  idsName: string,
  maskName: string,
): Record<string, Tensor> {
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
  return { [idsName]: new Tensor('int64', ids, dims), [maskName]: new Tensor('bool', mask, dims) };
}

function pixelsOf({ inputMetadata }: InferenceSession, images: readonly ArrayLike<number>[]): Tensor {
  const [metadata] = inputMetadata;
  if (!metadata.isTensor) throw new Error('pixels: expected a tensor');
  const sides = metadata.shape.slice(1) as number[];
  const bytes = Uint8Array.from(images.flatMap((image) => Array.from(image)));
  return new Tensor('uint8', bytes, [images.length, ...sides]);
}
