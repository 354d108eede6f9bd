import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EncoderSpec, readEncoderSpec } from '../../../../src/train/teachers/encoder/encoder-spec.ts';
import { encoderTensors, readEncoderTensors } from '../../../../src/train/teachers/encoder/encoder-tensors.ts';
import { encodeTokens } from '../../../../src/train/teachers/encoder/forward.ts';
import { type Pooling, pool } from '../../../../src/train/teachers/encoder/pooling.ts';
import { createRaggedBatch } from '../../../../src/train/teachers/encoder/ragged-batch.ts';
import { WeightFile } from '../../../../src/train/teachers/encoder/weight-file.ts';
import { useWasmBackend } from '../../../support/wasm-backend.ts';

interface GoldenRow {
  readonly ids: readonly number[];
  readonly mean: readonly number[];
  readonly cls: readonly number[];
}

const FOLDER = join(import.meta.dirname, '..', 'encoder-golden');
const GOLDEN = JSON.parse(readFileSync(join(FOLDER, 'golden.json'), 'utf8')) as {
  readonly models: Readonly<Record<'bert' | 'distilbert' | 'roberta', readonly GoldenRow[]>>;
};

async function loadTensors(spec: EncoderSpec, directory: string): Promise<Map<string, tf.Tensor>> {
  const file = await WeightFile.open(join(directory, 'model.safetensors'));
  const values = await readEncoderTensors(file, spec);
  await file.close();
  return new Map(encoderTensors(spec).map(({ name, shape }) => [name, tf.tensor(values.get(name)!, [...shape])]));
}

function features(
  spec: EncoderSpec,
  tensors: ReadonlyMap<string, tf.Tensor>,
  rows: readonly GoldenRow[],
  pooling: Pooling,
) {
  const batch = createRaggedBatch(rows.map(({ ids }) => Int32Array.from(ids)));
  return tf.tidy(() => pool(encodeTokens(spec, tensors, batch, null), batch.offsets, pooling).dataSync());
}

beforeAll(useWasmBackend);

describe.each(['bert', 'distilbert', 'roberta'] as const)('encoder of %s', (name) => {
  const rows = GOLDEN.models[name];
  const directory = join(FOLDER, name);

  it.each(['mean', 'cls'] as const)('gives the features of transformers within 1e-4, pooling %s', async (pooling) => {
    const spec = await readEncoderSpec(directory);
    const tensors = await loadTensors(spec, directory);
    const got = features(spec, tensors, rows, pooling);
    const wanted = rows.flatMap((row) => row[pooling]);
    const worst = wanted.reduce((max, value, i) => Math.max(max, Math.abs(value - got[i])), 0);
    expect(worst).toBeLessThan(1e-4);
  });
});
