import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelTexts } from 'retort-edge/train';
import * as v from 'valibot';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { graph } from '../../../../src/train/teachers/graph/graph.ts';
import type { GraphConfig, GraphOptions } from '../../../../src/train/teachers/graph/graph-config.ts';
import type { ModelSpec, TeacherModel } from '../../../../src/train/teachers/teacher.ts';
import { type GraphChanges, type GraphOnDisk, writeGraphModel } from '../../../support/graph-model.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { useWasmBackend } from '../../../support/wasm-backend.ts';

const folder = temporaryFolder('graph');
const LABELS = ['a', 'b', 'c'];
const TEXTS = ['Where is my parcel?', '', 'zebra', 'a much longer text about nothing at all'];
let files = 0;

beforeAll(useWasmBackend);

function write(size: number, changes?: GraphChanges): GraphOnDisk {
  return writeGraphModel(join(folder, `letters-${files++}`), size, changes);
}

function specOf({ model, preprocess }: GraphOnDisk, config: Partial<GraphConfig> = {}): ModelSpec<GraphOptions> {
  const rest = { kind: 'graph', model, preprocess, output: 'features', size: 5, outputName: 'projected' };
  const options = v.parse(graph.schema, { ...rest, ...config });
  return { options, backend: 'wasm', labels: LABELS, multiLabel: false };
}

async function load(spec: ModelSpec<GraphOptions>): Promise<TeacherModel> {
  const model = await graph.load(spec);
  onTestFinished(() => model.dispose());
  return model;
}

describe('a graph model', () => {
  it('gives each text its row, whatever the order in its batch, within 1e-5 of a loop', async () => {
    const onDisk = write(5);
    const outputs = await (await load(specOf(onDisk))).run(TEXTS);
    for (const [i, text] of TEXTS.entries()) {
      for (const [k, value] of onDisk.expected(text).entries()) expect(outputs[i][k]).toBeCloseTo(value, 5);
    }
  });

  it('labels in threads through the cache, as features or as logits', async () => {
    const features = write(5);
    const labelled = await labelTexts(TEXTS, { model: specOf(features), cacheDir: join(folder, 'cache'), workers: 2 });
    expect(labelled.identity).toMatchObject({ output: 'features', size: 5, bytes: 26 * 5 * 4 });
    expect(labelled.outputs).toEqual(await (await load(specOf(features))).run(TEXTS));
    const logits = specOf(write(3), { output: 'logits', size: null });
    expect((await graph.identify(logits)).size).toBe(3);
    expect((await (await load(logits)).run(['x']))[0]).toHaveLength(3);
  });

  it('has an id of its graph, its weights, its module and of what is read of it', async () => {
    const idOf = async (onDisk: GraphOnDisk, config?: Partial<GraphConfig>) =>
      (await graph.identify(specOf(onDisk, config))).id;
    const id = await idOf(write(5));
    expect(await idOf(write(5), { batchSize: 3 })).toBe(id);
    const shifted = write(5);
    writeFileSync(join(shifted.model, '..', 'group1-shard1of1.bin'), new Float32Array(26 * 5));
    const others = [
      await idOf(shifted),
      await idOf(write(5, { source: 'export const preprocess = () => [];' })),
      await idOf(write(5), { outputName: 'negative' }),
      await idOf(write(5), { size: 4 }),
      await idOf(write(5), { version: '2' }),
    ];
    expect(new Set([id, ...others]).size).toBe(6);
  });

  it.each<[string, GraphChanges, string]>([
    [
      'a layers model',
      { json: { format: 'layers-model' } },
      'got a layers model; convert it with tensorflowjs_converter',
    ],
    ['no topology', { json: { modelTopology: undefined } }, 'expected a graph model with '],
    [
      'weights that are not there',
      { json: { weightsManifest: [{ paths: ['none.bin'], weights: [] }] } },
      'none.bin: expected a file of a TensorFlow.js model, got no such file',
    ],
  ])('is refused with invalid_model for %s', async (_, changes, message) => {
    await expect(graph.identify(specOf(write(5, changes)))).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining(message),
    });
  });

  it('is refused with invalid_model where files are missing, or a logit is', async () => {
    const onDisk = write(5);
    const none = { ...onDisk, model: join(folder, 'none.json') };
    await expect(graph.identify(specOf(none))).rejects.toThrow('none.json: expected a file');
    await expect(graph.identify(specOf({ ...onDisk, preprocess: join(folder, 'none.mjs') }))).rejects.toThrow(
      'none.mjs: expected a module, got no such file',
    );
    const logits = specOf(onDisk, { output: 'logits', size: 2 });
    await expect(graph.identify(logits)).rejects.toThrow('expected a logit for each of 3 labels, got a size of 2');
    expect(v.safeParse(graph.schema, { ...specOf(onDisk).options, size: null }).success).toBe(false);
  });

  it('is refused with invalid_model where several outputs are there and none is chosen', async () => {
    await expect(graph.load(specOf(write(5), { outputName: null }))).rejects.toThrow(
      /expected one output, got .*projected.*; set outputName/,
    );
  });
});

describe('a module that makes inputs', () => {
  const batch = (fields: string): string => `export const preprocess = (texts) => [{ ${fields} }];`;
  const letters = (fields: string): string =>
    batch(`texts: texts.map((_, i) => i), inputs: { letters: { ${fields} } }`);

  it.each<[string, string, string]>([
    ['that is no module', 'export const', 'expected an ES module, got '],
    ['without the function', 'export const process = 1;', 'exports the function preprocess, got process'],
    [
      'that returns nothing',
      'export const preprocess = () => undefined;',
      'expected Array in what it returns, got undefined',
    ],
    [
      'that leaves a text out',
      batch('texts: [0], inputs: {}'),
      'expected each of 2 texts in one batch, got the texts 0',
    ],
    ['that has a text twice', batch('texts: [1, 1], inputs: {}'), 'got the texts 1, 1'],
    [
      'with another type',
      letters("dtype: 'string', shape: [1], data: ['a']"),
      'in 0.inputs.letters.dtype, got "string"',
    ],
    [
      'with values missing',
      letters("dtype: 'float32', shape: [2, 26], data: [1]"),
      'expected 52 values for letters of [2, 26], got 1',
    ],
    [
      'with another input',
      batch("texts: [0, 1], inputs: { words: { dtype: 'int32', shape: [0], data: [] } }"),
      'expected inputs that the model can run',
    ],
    [
      'with a row too few',
      letters("dtype: 'float32', shape: [1, 26], data: new Float32Array(26)"),
      'expected 5 values in float32 for each of 2 texts, got float32 of [1, 5]',
    ],
  ])('%s is refused with invalid_model', async (_, source, message) => {
    const running = graph.load(specOf(write(5, { source }))).then((model) => model.run(['a', 'b']));
    await expect(running).rejects.toMatchObject({ code: 'invalid_model', message: expect.stringContaining(message) });
  });
});
