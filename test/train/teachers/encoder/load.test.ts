import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EncoderOptions } from '../../../../src/train/teachers/encoder/encoder-config.ts';
import { readEncoderSpec } from '../../../../src/train/teachers/encoder/encoder-spec.ts';
import { readEncoderTokenizer } from '../../../../src/train/teachers/encoder/encoder-tokenizer.ts';
import { loadEncoder } from '../../../../src/train/teachers/encoder/load.ts';
import { GOLDEN, type TinyEncoder, tinyOptions } from '../../../support/tiny-encoders.ts';
import { useWasmBackend } from '../../../support/wasm-backend.ts';

beforeAll(useWasmBackend);

async function run(
  options: EncoderOptions,
  batches: readonly (readonly string[])[],
  labels: readonly string[] = GOLDEN.labels,
): Promise<Float32Array[]> {
  const model = await loadEncoder({ options, labels });
  const outputs: Float32Array[] = [];
  for (const texts of batches) outputs.push(...(await model.run(texts)));
  await model.dispose();
  return outputs;
}

describe.each<TinyEncoder>(['bert', 'distilbert', 'roberta'])('an encoder of %s', (name) => {
  it('reads a text as the ids that Hugging Face tokenizers make of it', async () => {
    const options = tinyOptions(name);
    const tokenizer = await readEncoderTokenizer(options, await readEncoderSpec(options.directory));
    const ids = GOLDEN.texts.map((text) => [...tokenizer.ids.slice(0, tokenizer.encode(text).count)]);
    expect(ids).toEqual(GOLDEN.models[name].map((row) => row.ids));
  });

  it.each(['mean', 'cls'] as const)('gives the features of transformers within 1e-5, pooling %s', async (pooling) => {
    const features = await run(tinyOptions(name, { pooling }), [GOLDEN.texts]);
    for (const [i, row] of GOLDEN.models[name].entries()) {
      const worst = row[pooling].reduce((max, value, k) => Math.max(max, Math.abs(value - features[i][k])), 0);
      expect(worst, GOLDEN.texts[i]).toBeLessThan(1e-5);
    }
  });

  it("gives the logits of the checkpoint's head within 1e-5, in the order of the labels of the data", async () => {
    const options = tinyOptions(name, { pooling: 'cls', head: 'checkpoint' });
    const logits = await run(options, [GOLDEN.texts]);
    for (const [i, row] of GOLDEN.models[name].entries()) {
      for (const [label, logit] of row.logits.entries()) expect(Math.abs(logits[i][label] - logit)).toBeLessThan(1e-5);
    }
    const reversed = await run(options, [GOLDEN.texts], [...GOLDEN.labels].reverse());
    expect(reversed.map((row) => [...row].reverse())).toEqual(logits.map((row) => [...row]));
  });

  it('gives a text the same bits alone, in pairs, among all and in another order', async () => {
    const { texts } = GOLDEN;
    const together = await run(tinyOptions(name), [texts]);
    expect(
      await run(
        tinyOptions(name),
        texts.map((text) => [text]),
      ),
    ).toEqual(together);
    expect(await run(tinyOptions(name), pairs(texts))).toEqual(together);
    expect(await run(tinyOptions(name), [[...texts].reverse()])).toEqual([...together].reverse());
  });
});

function pairs(texts: readonly string[]): readonly (readonly string[])[] {
  return texts.flatMap((_, i) => (i % 2 === 0 ? [texts.slice(i, i + 2)] : []));
}

describe('loadEncoder', () => {
  it('cuts a batch that is too large for one pass and gives the same bits', async () => {
    const [text] = GOLDEN.texts.slice(3);
    const [alone] = await run(tinyOptions('bert'), [[text]]);
    const many = await run(tinyOptions('bert'), [Array.from({ length: 400 }, () => text)]);
    expect(many).toHaveLength(400);
    for (const features of many) expect(features).toEqual(alone);
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await run(tinyOptions('bert'), [GOLDEN.texts]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops between two passes where it is aborted', async () => {
    const model = await loadEncoder({ options: tinyOptions('bert'), labels: [] });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(model.run(GOLDEN.texts, { signal })).rejects.toThrow('enough');
    await model.dispose();
  });
});
