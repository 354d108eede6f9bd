import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/format/index.ts';
import { readStudent } from '../../src/runtime/index.ts';
import { chooseBackend } from '../../src/train/backend.ts';
import { resolveConfig } from '../../src/train/config/resolve-config.ts';
import { exportStudent } from '../../src/train/export-student.ts';
import { staticLayers } from '../../src/train/families/static.ts';
import { trainStudent } from '../../src/train/train-student.ts';
import { startModule } from '../support/retort.ts';
import { toyTransferSet } from '../support/transfer-sets.ts';

describe('chooseBackend', () => {
  it('takes the first that loads for auto, here wasm, and says why the ones before it were passed', async () => {
    // In a process of its own, with Node's own words for a package that is missing.
    const running = startModule(`import { chooseBackend } from 'retort-edge/train';
      console.log(JSON.stringify(await chooseBackend('auto')));`);
    const { stdout, stderr } = await running.outcome;
    expect(JSON.parse(stdout), stderr).toEqual({
      name: 'wasm',
      reason:
        'the first that loads (node-gpu: @tensorflow/tfjs-node-gpu is not installed; ' +
        'node: @tensorflow/tfjs-node is not installed)',
    });
  });

  it.each(['node-gpu', 'node'] as const)('throws missing_peer with its install line for %s', async (name) => {
    const { stdout, stderr } = await startModule(`import { chooseBackend } from 'retort-edge/train';
      const error = await chooseBackend('${name}').catch((reason) => reason);
      console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message }));`).outcome;
    expect(JSON.parse(stdout), stderr).toEqual({
      name: UnsupportedError.name,
      code: 'missing_peer',
      message: `TensorFlow.js backend ${name}: expected one that loads, got ${name}: @tensorflow/tfjs-${name} is not installed. Run: npm install @tensorflow/tfjs-${name}@4.22.0`,
    });
  });

  it('names the package of webgpu that is missing, and the line that installs both', async () => {
    const { stdout, stderr } = await startModule(`import { chooseBackend } from 'retort-edge/train';
      const error = await chooseBackend('webgpu').catch((reason) => reason);
      console.log(JSON.stringify(error.message));`).outcome;
    expect(JSON.parse(stdout), stderr).toBe(
      'TensorFlow.js backend webgpu: expected one that loads, got webgpu: webgpu is not installed. ' +
        'Run: npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0',
    );
  });

  it('throws backend_failed with what it needs where webgpu is installed and does not start', async () => {
    const { stdout, stderr } = await startModule(`import { register } from 'node:module';
      const hooks = \`export async function resolve(name, context, next) {
        if (!/webgpu$/.test(name)) return next(name, context);
        return { url: 'data:text/javascript,throw new Error("no adapter")', shortCircuit: true };
      }\`;
      register('data:text/javascript,' + encodeURIComponent(hooks));
      const { chooseBackend } = await import('retort-edge/train');
      const error = await chooseBackend('webgpu').catch((reason) => reason);
      console.log(JSON.stringify([error.code, error.message]));`).outcome;
    expect(JSON.parse(stdout), stderr).toEqual([
      'backend_failed',
      'TensorFlow.js backend webgpu: expected one that loads, got webgpu: no adapter; ' +
        'it needs a GPU with a Vulkan, Metal or Direct3D 12 driver; without, take --backend wasm',
    ]);
  });

  it('takes cpu where it is asked for, and an epoch trains on it', async () => {
    expect(await chooseBackend('cpu')).toEqual({ name: 'cpu', reason: 'asked for' });
    expect(tf.getBackend()).toBe('cpu');
    const set = toyTransferSet({ rows: 60, seed: 1, teacher: true });
    const training = { epochs: 1, stepsPerEpoch: 20, learningRate: 0.02, warmup: 0 };
    const config = { name: 'toy', data: { train: 'rows.csv' }, students: [{ family: 'static', training }] } as const;
    const [student] = resolveConfig(config, '.').students;
    const { history, ...trained } = await trainStudent({
      spec: {
        name: 'toy',
        family: 'static',
        task: { kind: 'classify', labels: set.labels, multiLabel: false },
        maxCharacters: 300,
        maxTokens: 64,
        tokenizer: { kind: 'hashed', buckets: 509, wordNgrams: 1, charNgrams: null },
        layers: staticLayers({ vocabSize: 509, numLabels: 2, hiddenSize: 8, perceptronSize: 8 }),
      },
      tokenizerTensors: new Map(),
      training: { ...student.training, seed: 0 },
      train: set,
      dev: { ...set, teacherFeatures: null },
      backend: 'cpu',
      threads: 1,
      checkpointFile: null,
    });
    expect(tf.getBackend()).toBe('cpu');
    expect(history).toHaveLength(1);
    // Two labels guessed at random: log 2 = 0.69 and one half.
    expect(history[0].devLoss).toBeLessThan(0.6);
    expect(history[0].devAccuracy).toBeGreaterThan(0.75);
    expect(readStudent(await exportStudent(trained, new Map(), 'int8', {})).classify('won')).toHaveLength(2);
  });
});
