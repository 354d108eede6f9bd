import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelTexts } from 'retort-edge/train';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onnx } from '../../../../src/train/teachers/onnx/onnx.ts';
import type { OnnxConfig, OnnxOptions } from '../../../../src/train/teachers/onnx/onnx-config.ts';
import type { ModelSpec, TeacherModel } from '../../../../src/train/teachers/teacher.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const GOLDEN_FOLDER = join(import.meta.dirname, '..', 'onnx-golden');
const LABELS = ['billing', 'delivery', 'praise'];
/** Labels of the classifier in the order of its logits. */
const OWN_LABELS = ['praise', 'billing', 'delivery'];

interface Golden {
  readonly texts: readonly string[];
  readonly maxTokens: number;
  readonly models: {
    readonly classifier: readonly { readonly ids: readonly number[]; readonly logits: readonly number[] }[];
    readonly encoder: readonly {
      readonly ids: readonly number[];
      readonly mean: readonly number[];
      readonly cls: readonly number[];
    }[];
  };
}

const GOLDEN: Golden = JSON.parse(readFileSync(join(GOLDEN_FOLDER, 'golden.json'), 'utf8'));
const { texts: TEXTS, models } = GOLDEN;
const folder = temporaryFolder('onnx');

function specOf(directory: string, config: Partial<OnnxConfig> = {}): ModelSpec<OnnxOptions> {
  const options = v.parse(onnx.schema, { kind: 'onnx', directory, maxTokens: GOLDEN.maxTokens, ...config });
  return { options, backend: 'cpu', labels: LABELS, multiLabel: false };
}

const classifier = join(GOLDEN_FOLDER, 'classifier');
const encoder = join(GOLDEN_FOLDER, 'encoder');

async function load(spec: ModelSpec<OnnxOptions>): Promise<TeacherModel> {
  const model = await onnx.load(spec);
  onTestFinished(() => model.dispose());
  return model;
}

/** A copy of a model with some of its files changed; a null takes one away. */
function changed(directory: string, files: Readonly<Record<string, string | null>>): string {
  const copy = join(folder, `copy-${copies++}`);
  cpSync(directory, copy, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (content === null) rmSync(join(copy, name));
    else writeFileSync(join(copy, name), content);
  }
  return copy;
}
let copies = 0;

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i] - value)).toBeLessThan(1e-5);
}

describe('an ONNX model', () => {
  it('reads the ids that Hugging Face reads, cut to what it may read', async () => {
    const tokenizer = await onnx.tokenizer!(specOf(classifier).options);
    for (const [i, text] of TEXTS.entries()) {
      const { count } = tokenizer.encode(text);
      expect([...tokenizer.ids.slice(0, count)], text).toEqual(models.classifier[i].ids);
    }
  });

  it("gives the logits of Python's ONNX Runtime within 1e-5, in the order of the task's labels", async () => {
    const model = await load(specOf(classifier));
    const outputs = await model.run(TEXTS);
    for (const [i, { logits }] of models.classifier.entries()) {
      expectClose(
        outputs[i],
        LABELS.map((label) => logits[OWN_LABELS.indexOf(label)]),
      );
    }
  });

  it.each(['mean', 'cls'] as const)(
    "gives the features of Python's ONNX Runtime within 1e-5, pooled by %s",
    async (pooling) => {
      const spec = specOf(encoder, { pooling });
      const outputs = await (await load(spec)).run(TEXTS);
      for (const [i, row] of models.encoder.entries()) expectClose(outputs[i], row[pooling]);
      expect(await onnx.identify(spec)).toMatchObject({ name: 'encoder', output: 'features', size: 8 });
    },
  );

  it('gives a text the same bits alone, among others, and on two threads', async () => {
    const model = specOf(encoder);
    const alone = await load(model);
    const texts = Array.from({ length: 100 }, (_, i) => `${TEXTS[i % 7]} ${i}`);
    const { outputs } = await labelTexts(texts, { model, cacheDir: join(folder, 'threads'), workers: 2 });
    for (const i of [0, 31, 99]) expect(await alone.run([texts[i]])).toEqual([outputs[i]]);
  });

  it('maps labels that are called otherwise', async () => {
    const config = JSON.parse(readFileSync(join(classifier, 'config.json'), 'utf8'));
    config.id2label = { 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' };
    const renamed = changed(classifier, { 'config.json': JSON.stringify(config) });
    const labels = { LABEL_0: 'praise', LABEL_1: 'billing', LABEL_2: 'delivery' };
    const outputs = await (await load(specOf(renamed, { labels }))).run(TEXTS);
    expect(outputs).toEqual(await (await load(specOf(classifier))).run(TEXTS));
    await expect(onnx.identify(specOf(renamed))).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining(
        'expected the labels billing, delivery, praise in id2label, got LABEL_0, LABEL_1, LABEL_2; set labels',
      ),
    });
  });

  it('has an id of its files, and of what is read of them', async () => {
    const idOf = async (directory: string, config?: Partial<OnnxConfig>, labels = LABELS) =>
      (await onnx.identify({ ...specOf(directory, config), labels })).id;
    const id = await idOf(encoder);
    expect(await idOf(changed(encoder, {}))).toBe(id);
    const more = changed(encoder, { 'model.onnx_data': 'weights' });
    const others = [
      await idOf(more),
      await idOf(encoder, { pooling: 'cls' }),
      await idOf(encoder, { maxTokens: 9, maxCharacters: 256 }),
      await idOf(encoder, { maxCharacters: 9 }),
      await idOf(classifier),
      await idOf(classifier, {}, OWN_LABELS),
      await idOf(classifier, { output: 'features' }),
    ];
    expect(new Set([id, ...others]).size).toBe(8);
  });
});

describe('an ONNX directory', () => {
  const withConfig = (config: object): Readonly<Record<string, string>> => ({ 'config.json': JSON.stringify(config) });

  it.each<[string, string, Readonly<Record<string, string | null>>, string]>([
    ['without a model', encoder, { 'model.onnx': null }, 'expected model.onnx or onnx/model.onnx, got neither'],
    [
      'without a config',
      encoder,
      { 'config.json': null },
      'config.json: expected the config of a Hugging Face model, got no such file',
    ],
    ['with half a config', encoder, { 'config.json': '{"hidden_size": ' }, 'config.json: expected JSON, got '],
    ['with a width of 0', encoder, withConfig({ hidden_size: 0 }), 'expected >=1 in hidden_size, got 0'],
    ['without a width', encoder, withConfig({}), 'expected a hidden_size, got none'],
    [
      'without labels',
      classifier,
      withConfig({ architectures: ['BertForSequenceClassification'] }),
      'in id2label, got none',
    ],
    [
      'of another task',
      encoder,
      withConfig({ architectures: ['BertForQuestionAnswering'] }),
      'got BertForQuestionAnswering; set output',
    ],
  ])('%s is refused with invalid_model', async (_, directory, files, message) => {
    await expect(onnx.identify(specOf(changed(directory, files)))).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining(message),
    });
  });

  it('without a tokenizer is refused with invalid_tokenizer', async () => {
    const spec = specOf(changed(encoder, { 'tokenizer.json': null }));
    await expect(onnx.identify(spec)).rejects.toMatchObject({ code: 'invalid_tokenizer' });
  });

  it.each<[string, string, Readonly<Record<string, string>>, Partial<OnnxConfig>, string]>([
    ['no ONNX', encoder, { 'model.onnx': 'not a model' }, {}, 'expected an ONNX model that runs on cpu, got '],
    [
      'features of another width',
      encoder,
      withConfig({ hidden_size: 9 }),
      {},
      'expected features of 9 values in float32, got float32 of [1, ',
    ],
    [
      'logits in place of features',
      classifier,
      {},
      { output: 'features' },
      'expected features of 8 values in float32, got float32 of [1, 3]',
    ],
  ])('with %s is refused when it is run', async (_, directory, files, config, message) => {
    const running = onnx.load(specOf(changed(directory, files), config)).then((model) => model.run(['text']));
    await expect(running).rejects.toMatchObject({ code: 'invalid_model', message: expect.stringContaining(message) });
  });
});
