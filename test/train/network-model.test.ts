/** The gradient of a shard, on backends that give numbers away at once and on those that make one wait. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { taskLabels } from '../../src/format/index.ts';
import { NetworkModel } from '../../src/train/network-model.ts';
import { NetworkRows } from '../../src/train/network-rows.ts';
import { createRandom } from '../../src/train/random.ts';
import { StudentNetwork } from '../../src/train/student-network.ts';
import { tableColumns } from '../../src/train/trainer/layout.ts';
import { copyRows } from '../../src/train/trainer/table-memory.ts';
import { staticStudent } from '../support/students.ts';
import { toyTransferSet } from '../support/transfer-sets.ts';
import { useWasmBackend } from '../support/wasm-backend.ts';

const backend = vi.hoisted(() => ({ readsAtOnce: true }));
vi.mock(import('../../src/train/ops/total-loss.ts'), async (original) => ({
  ...(await original()),
  readsAtOnce: () => backend.readsAtOnce,
}));

beforeAll(useWasmBackend);

const { spec } = staticStudent();
const network = new StudentNetwork({ spec, tokenizerTensors: new Map() });
const labels = taskLabels(spec.task).length;
const set = toyTransferSet({ rows: 12, seed: 3, numLabels: labels, labelled: 0.5, teacher: true });
const terms = { multiLabel: false, distillation: 'softTargets', features: ['mse', 'cosine'] } as const;
const weights = { modelWeight: 0.5, alpha: 1, temperature: 2, betas: [0.3, 0.2] };

/** Losses of a shard, and its gradients by name. */
async function differentiate(readsAtOnce: boolean): Promise<[readonly number[], Record<string, Float32Array>]> {
  backend.readsAtOnce = readsAtOnce;
  const model = new NetworkModel(network, { terms, featureSize: 8, dropout: 0.4 });
  const values = await model.initialize(createRandom(1));
  const [shard] = new NetworkRows(set, set, network).shards([...set.inputs.keys()], weights);
  const { lookups, run } = model.differentiate(shard, createRandom(2));
  const tensors = new Map<string, tf.Tensor>(
    model.tensors.map(({ name, shape }) => [name, tf.tensor(values.get(name)!, [...shape])]),
  );
  for (const table of model.tables) {
    const ids = lookups.get(table.name)!;
    const rows = copyRows({ numbers: values.get(table.name)!, columns: tableColumns(table), numMoments: 0 }, ids);
    tensors.set(table.name, tf.tensor(rows, [ids.length, ...table.shape.slice(1)]));
  }
  const { losses, gradients } = await run(tensors);
  const read = Object.fromEntries([...gradients].map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]));
  tf.dispose([...tensors.values(), ...gradients.values()]);
  return [losses, read];
}

describe('NetworkModel', () => {
  it('computes the same bits in one pass and in two, what dropout drops included, and leaves no tensor behind', async () => {
    const once = await differentiate(true);
    const { numTensors } = tf.memory();
    const twice = await differentiate(false);
    expect(twice).toEqual(once);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(once[0]).toHaveLength(5);
    for (const [name, gradient] of Object.entries(once[1]))
      expect(
        gradient.some((g) => g !== 0),
        name,
      ).toBe(true);
  });
});
