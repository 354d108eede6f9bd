import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import {
  LAYER_RULES,
  type LayerSpec,
  parseStudent,
  type StudentFile,
  type Tensor,
} from '../../../../src/format/index.ts';
import { readStudent, type Student } from '../../../../src/runtime/index.ts';
import { exportOnnx, type OnnxExportOptions } from '../../../../src/train/export/onnx/index.ts';
import { ONNX_SCHEMA } from '../../../../src/train/export/onnx/schema.ts';
import { dequantized } from '../../../support/float-tensors.ts';
import { loadOnnxModel, type OnnxModel } from '../../../support/onnx.ts';
import {
  convStudent,
  imageStudent,
  pairStudent,
  randomTensors,
  seeded,
  staticStudent,
  studentBytes,
  transformerStudent,
} from '../../../support/students.ts';
import { expectClose } from '../../../support/tensors.ts';

const TEXTS = ['you', 'you won a prize!', 'meet at noon 日本 😀 é', 'free '.repeat(20), 'prize prize prize'];

/** 240 messages of people to a shop. */
const MESSAGES = (parse(readFileSync('test/support/messages.csv'), { columns: true }) as { text: string }[]).map(
  ({ text }) => text,
);

const LABELS = ['ham', 'spam', 'other'];

/** A student with other layers behind the embedding of `file`. */
function withLayers(file: StudentFile, precision: 'int8' | 'float32', layers: readonly LayerSpec[]): StudentFile {
  const spec = { ...file.spec, layers: [file.spec.layers[0], ...layers] };
  const vocabulary = [...file.tensors].filter(([name]) => name.startsWith('tokenizer.'));
  return { ...file, spec, tensors: new Map([...randomTensors(spec, precision, seeded(3)), ...vocabulary]) };
}

/** Between them every layer kind and every activation. */
function students(precision: 'int8' | 'float32'): Readonly<Record<string, StudentFile>> {
  const options = { precision, labels: LABELS };
  const conv = convStudent(options);
  const [embedding] = conv.spec.layers;
  const { vocabSize, hiddenSize } = embedding as Extract<LayerSpec, { kind: 'embedding' }>;
  return {
    'a bag of n-grams': staticStudent(options),
    'convolutions and the largest value': conv,
    'a transformer of two heads that pools by attention': transformerStudent(options),
    'attention of three heads and a weighted mean': withLayers(conv, precision, [
      { kind: 'dense', inputSize: hiddenSize, outputSize: 36, activation: 'none' },
      { kind: 'attention', hiddenSize: 12, heads: 3 },
      { kind: 'weightedMean', vocabSize },
      { kind: 'dense', inputSize: 12, outputSize: LABELS.length, activation: 'none' },
    ]),
    'nested residuals and a weighted mean': withLayers(conv, precision, [
      {
        kind: 'residual',
        layers: [
          { kind: 'depthwiseConv', channels: hiddenSize, kernelSize: 5, activation: 'gelu' },
          { kind: 'residual', layers: [{ kind: 'layerNorm', hiddenSize, epsilon: 1e-3 }] },
          { kind: 'dense', inputSize: hiddenSize, outputSize: hiddenSize, activation: 'silu' },
        ],
      },
      { kind: 'weightedMean', vocabSize },
      {
        kind: 'residual',
        layers: [{ kind: 'dense', inputSize: hiddenSize, outputSize: hiddenSize, activation: 'relu' }],
      },
      { kind: 'dense', inputSize: hiddenSize, outputSize: LABELS.length, activation: 'none' },
    ]),
  };
}

const CASES = Object.entries({
  ...students('int8'),
  'a bag of n-grams, its table in int4 and all else': staticStudent({
    precision: 'int4',
    hiddenSize: 64,
    labels: LABELS,
  }),
});

/** The same student in F32: what a float export stands for. */
function floatOf(file: StudentFile): StudentFile {
  return { ...file, tensors: dequantized(file.tensors) };
}

/** With magnitudes up to 63, so that a sum of two products with unsigned bytes fits into 16 bits. */
function withSmallWeights(file: StudentFile): StudentFile {
  const halved = ([name, tensor]: [string, Tensor]): [string, Tensor] => [
    name,
    tensor.dtype === 'I8' ? { ...tensor, data: tensor.data.map((w) => Math.trunc(w / 2.04)) as Int8Array } : tensor,
  ];
  return { ...file, tensors: new Map([...file.tensors].map(halved)) };
}

async function load(file: StudentFile, options: OnnxExportOptions): Promise<{ student: Student; onnx: OnnxModel }> {
  const bytes = await studentBytes(file);
  const onnx = await loadOnnxModel((await exportOnnx(parseStudent(bytes), options)).bytes);
  return { student: readStudent(bytes), onnx };
}

const idsOf = (student: Student, texts: readonly string[]): Int32Array[] =>
  texts.map((text) => student.tokenize(text).ids);

describe('the students of this suite', () => {
  it('have every layer kind of a student of one text and every activation between them', () => {
    const flat = (layers: readonly LayerSpec[]): LayerSpec[] =>
      layers.flatMap((layer) => [layer, ...(layer.kind === 'residual' ? flat(layer.layers) : [])]);
    const all = CASES.flatMap(([, { spec }]) => flat(spec.layers));
    const others = ['pairFeatures', 'conv2d', 'maxPool2d', 'flatten'];
    const due = Object.keys(LAYER_RULES).filter((kind) => !others.includes(kind));
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual(due.sort());
    const activations = all.flatMap((layer) => ('activation' in layer ? [layer.activation] : []));
    expect([...new Set(activations)].sort()).toEqual(['gelu', 'none', 'relu', 'silu']);
  });
});

describe('exportOnnx', () => {
  it.each([
    ['pairs', pairStudent],
    ['images', imageStudent],
  ] as const)('refuses a student of %s', async (reads, build) => {
    const parsed = parseStudent(await studentBytes(build()));
    await expect(exportOnnx(parsed, { precision: 'float' })).rejects.toMatchObject({
      code: 'unsupported_input',
      message: expect.stringContaining(`got one that reads ${reads}`),
    });
  });
});

describe('exportOnnx in float', () => {
  it.each(CASES)('%s in int8: logits of ONNX Runtime are those of the student in F32 within 1e-5', async (_, file) => {
    const { onnx } = await load(file, { precision: 'float' });
    const student = readStudent(await studentBytes(floatOf(file)));
    for (const text of TEXTS) {
      const [logits] = await onnx.run(idsOf(student, [text]));
      expectClose(logits, student.logits(text), 1e-5, text);
    }
  });

  it.each(Object.entries(students('float32')))('%s in F32: logits are its own within 1e-5', async (_, file) => {
    const { student, onnx } = await load(file, { precision: 'float' });
    for (const text of TEXTS) {
      const [logits] = await onnx.run(idsOf(student, [text]));
      expectClose(logits, student.logits(text), 1e-5, text);
    }
  });

  it.each(Object.entries(students('float32')))(
    '%s with a mask: each text of a batch, the empty one too, has the logits that it has alone within 1e-5',
    async (_, file) => {
      const { student, onnx } = await load(file, { precision: 'float', padded: true });
      const texts = ['', ...TEXTS];
      const logits = await onnx.run(idsOf(student, texts));
      for (const [i, text] of texts.entries()) expectClose(logits[i], student.logits(text), 1e-5, text);
    },
  );

  it.each(Object.entries(students('float32')))(
    '%s with a mask: what stands behind a text changes no bit of its logits',
    async (_, file) => {
      const { student, onnx } = await load(file, { precision: 'float', padded: true });
      const ids = idsOf(student, ['', ...TEXTS]);
      expect(await onnx.run(ids, 7)).toEqual(await onnx.run(ids, 0));
    },
  );

  it('of scores far below 0 with a mask: each text of a batch has the logits that it has alone within 1e-5', async () => {
    const conv = convStudent({ precision: 'float32', labels: LABELS, hiddenSize: 8 });
    const file = withLayers(conv, 'float32', [
      { kind: 'dense', inputSize: 8, outputSize: 24, activation: 'none' },
      { kind: 'attention', hiddenSize: 8, heads: 2 },
      { kind: 'attentionPool', hiddenSize: 8 },
      { kind: 'dense', inputSize: 8, outputSize: LABELS.length, activation: 'none' },
    ]);
    // Queries and values near 5, keys near -5: scores near -50, and -40 in the pooling.
    const bias = Float32Array.from({ length: 24 }, (_, i) => (i >= 8 && i < 16 ? -5 : 5));
    const tensors = new Map<string, Tensor>([
      ...file.tensors,
      ['layers.1.bias', { dtype: 'F32', shape: [24], data: bias }],
      ['layers.3.query', { dtype: 'F32', shape: [8], data: new Float32Array(8).fill(-1) }],
    ]);
    const { student, onnx } = await load({ ...file, tensors }, { precision: 'float', padded: true });
    const logits = await onnx.run(idsOf(student, TEXTS));
    for (const [i, text] of TEXTS.entries()) expectClose(logits[i], student.logits(text), 1e-5, text);
  });

  it('of positions: a text of more tokens than the student has places is an error', async () => {
    const { onnx } = await load(transformerStudent({ maxTokens: 3 }), { precision: 'float' });
    await expect(onnx.run([[2, 3, 4]])).resolves.toHaveLength(1);
    await expect(onnx.run([[2, 3, 4, 5]])).rejects.toThrow('layers.1');
  });
});

/**
 * Both quantize what a product reads, Retort to steps of 1 / 127 of its range, ONNX Runtime of 1 / 255: each value is
 * off by half of that at most, 0.6 % of the range together. A logit is a sum over such errors with signs of their own.
 */
const INTEGER_TOLERANCE = 0.05;

function expectNear(got: ArrayLike<number>, expected: Float32Array, what: string): void {
  const range = Math.max(...expected) - Math.min(...expected);
  expectClose(
    Array.from(got, (value) => value / Math.max(1, range)),
    expected.map((value) => value / Math.max(1, range)),
    INTEGER_TOLERANCE,
    what,
  );
}

describe('exportOnnx in integers', () => {
  it.each(CASES)('%s in uint8: logits are those of the int8 student within 5 % of their range', async (_, file) => {
    const { student, onnx } = await load(file, { precision: 'uint8' });
    for (const text of TEXTS) {
      const [logits] = await onnx.run(idsOf(student, [text]));
      expectNear(logits, student.logits(text), text);
    }
  });

  it.each(CASES)('%s in int8: the logits of uint8 within 1e-5, where no sum of products saturates', async (_, file) => {
    const small = withSmallWeights(file);
    const { student, onnx: signed } = await load(small, { precision: 'int8', padded: true });
    const { onnx: unsigned } = await load(small, { precision: 'uint8', padded: true });
    const ids = idsOf(student, TEXTS);
    const [got, expected] = await Promise.all([signed.run(ids), unsigned.run(ids)]);
    for (const [i, text] of TEXTS.entries()) expectClose(got[i], expected[i], 1e-5, text);
  });

  it('a student in F32 in uint8: logits are its own within 5 % of their range', async () => {
    const { student, onnx } = await load(staticStudent({ precision: 'float32' }), { precision: 'uint8' });
    for (const text of TEXTS) {
      const [logits] = await onnx.run(idsOf(student, [text]));
      expectNear(logits, student.logits(text), text);
    }
  });

  it('of the trained student of the examples: logits within 0.05 on 240 messages, so the same label where they are 0.1 apart', async () => {
    const bytes = readFileSync('examples/worker/student.safetensors');
    const student = readStudent(bytes);
    const onnx = await loadOnnxModel((await exportOnnx(parseStudent(bytes), { precision: 'uint8' })).bytes);
    let sameLabels = 0;
    for (const text of MESSAGES) {
      const [[ham, spam]] = await onnx.run(idsOf(student, [text]));
      const expected = student.logits(text);
      expect(Math.abs(ham - expected[0]), text).toBeLessThan(0.05);
      expect(Math.abs(spam - expected[1]), text).toBeLessThan(0.05);
      sameLabels += Number(ham > spam === expected[0] > expected[1]);
    }
    expect(sameLabels / MESSAGES.length).toBeGreaterThanOrEqual(0.99);
  });
});

describe('an ONNX file', () => {
  it('names its producer, opset, labels, precision and the hash of its student, and is the same every time', async () => {
    const file = parseStudent(await studentBytes(convStudent({ labels: LABELS })));
    const { bytes } = await exportOnnx(file, { precision: 'int8', padded: true });
    expect((await exportOnnx(file, { precision: 'int8', padded: true })).bytes).toEqual(bytes);
    const type = protobuf.Root.fromJSON(ONNX_SCHEMA as protobuf.INamespace).lookupType('ModelProto');
    const model = type.toObject(type.decode(bytes), { longs: Number, defaults: true });
    expect(model).toMatchObject({
      irVersion: 8,
      producerName: 'retort-edge',
      opsetImport: [{ domain: '', version: 17 }],
    });
    const metadata = Object.fromEntries(
      model.metadataProps.map(({ key, value }: { key: string; value: string }) => [key, value]),
    );
    expect(metadata).toEqual({
      labels: JSON.stringify(LABELS),
      multiLabel: 'false',
      precision: 'int8',
      spec: JSON.stringify(file.spec),
      studentSha256: file.sha256,
    });
    expect(model.graph.input.map(({ name }: { name: string }) => name)).toEqual(['ids', 'mask']);
  });
});
