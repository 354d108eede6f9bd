import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import {
  type ImageInput,
  LAYER_RULES,
  type LayerSpec,
  parseStudent,
  type StudentFile,
  type Tensor,
} from '../../../../src/format/index.ts';
import { isPixels, type PredictorInput, readStudent, type Student } from '../../../../src/runtime/index.ts';
import { createTokenizer } from '../../../../src/runtime/tokenizers/create-tokenizer.ts';
import { exportOnnx, type OnnxExportOptions } from '../../../../src/train/export/onnx/index.ts';
import { ONNX_SCHEMA } from '../../../../src/train/export/onnx/schema.ts';
import { dequantized } from '../../../support/float-tensors.ts';
import { loadOnnxModel, type OnnxInput, type OnnxModel } from '../../../support/onnx.ts';
import {
  convStudent,
  embedStudent,
  IMAGE,
  imageStudent,
  pairStudent,
  randomTensors,
  seeded,
  staticStudent,
  studentBytes,
  tagStudent,
  transformerStudent,
} from '../../../support/students.ts';
import { expectClose } from '../../../support/tensors.ts';

const TEXTS = ['you', 'you won a prize!', 'meet at noon 日本 😀 é', 'free '.repeat(20), 'prize prize prize'];

/** 240 messages of people to a shop. */
const MESSAGES = (parse(readFileSync('test/support/messages.csv'), { columns: true }) as { text: string }[]).map(
  ({ text }) => text,
);

const LABELS = ['ham', 'spam', 'other'];

/** Images: black, white, and of random pixels. */
function imagesOf({
  height,
  width,
  channels,
}: Pick<ImageInput, 'height' | 'width' | 'channels'>): readonly Uint8Array[] {
  return [0, 1, 2, 3, 4].map((i) => {
    const random = seeded(i);
    return Uint8Array.from({ length: height * width * channels }, () => (i < 2 ? 255 * i : 256 * random()));
  });
}

/** A student with other layers behind the embedding of `file`. */
function withLayers(file: StudentFile, precision: 'int8' | 'float', layers: readonly LayerSpec[]): StudentFile {
  const spec = { ...file.spec, layers: [file.spec.layers[0], ...layers] };
  const vocabulary = [...file.tensors].filter(([name]) => name.startsWith('tokenizer.'));
  return { ...file, spec, tensors: new Map([...randomTensors(spec, precision, seeded(3)), ...vocabulary]) };
}

/** Between them every layer kind, activation, input and task. */
function students(precision: 'int8' | 'float'): Readonly<Record<string, StudentFile>> {
  const options = { precision, labels: LABELS };
  const conv = convStudent(options);
  const [embedding] = conv.spec.layers;
  const { vocabSize, hiddenSize } = embedding as Extract<LayerSpec, { kind: 'embedding' }>;
  return {
    'a bag of n-grams': staticStudent(options),
    'convolutions and the largest value': conv,
    'a pair of texts': pairStudent(options),
    'an image, patches of all sides': imageStudent(options),
    'an image, patches of even size that step over the edge': imageStudent(options, {
      kernelSize: 4,
      stride: 3,
      padding: 'same',
    }),
    'an image, patches that leave pixels out': imageStudent(options, { kernelSize: 2, stride: 2, padding: 'valid' }),
    'the words of a text': tagStudent({ ...options, vocabulary: 'framedUnigram' }),
    'a vector for a text': embedStudent(options),
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

const CASES = Object.entries<StudentFile>({
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

interface Loaded {
  readonly student: Student;
  readonly onnx: OnnxModel;
}

async function load(file: StudentFile, options: OnnxExportOptions): Promise<Loaded> {
  const bytes = await studentBytes(file);
  const onnx = await loadOnnxModel((await exportOnnx(parseStudent(bytes), options)).bytes);
  return { student: readStudent(bytes), onnx };
}

/** Inputs of the kind that a student reads, made of these texts where it reads any. */
function inputsFor({ info: { spec } }: Student, texts: readonly string[] = TEXTS): readonly PredictorInput[] {
  if (spec.input === undefined) return texts;
  return spec.input.kind === 'image'
    ? imagesOf(spec.input)
    : texts.map((text, i) => ({ text, pair: texts.at(i - 2)! }));
}

/** Inputs as an exported student reads them. */
function readBy(student: Student, inputs: readonly PredictorInput[]): readonly OnnxInput[] {
  return inputs.map((input) => {
    if (isPixels(input)) return input;
    if (typeof input === 'string') return student.tokenize(input).ids;
    return { ids: student.tokenize(input.text).ids, pairIds: student.tokenize(input.pair).ids };
  });
}

/** What an exported student has to give: of the words of a text, the logits of their first tokens. */
function expectedOf(student: Student, input: PredictorInput): Float32Array {
  return student.info.task === 'embed' ? student.embed(input) : student.logits(input);
}

/** What an exported student gives, where it tags the rows of the words alone. */
function given(
  { info: { spec, task, labels } }: Student,
  file: StudentFile,
  input: PredictorInput,
  output: Float32Array,
) {
  if (task !== 'tag' || !('tokenizer' in spec)) return output;
  const { words } = createTokenizer(spec.tokenizer, spec, file.tensors).encodeWords!(input as string);
  return words!.flatMap(({ token }) => [...output.subarray(token * labels.length, (token + 1) * labels.length)]);
}

/** Runs every input alone. */
async function expectEach(
  { student, onnx }: Loaded,
  file: StudentFile,
  expectNumbers: (got: ArrayLike<number>, expected: Float32Array, what: string) => void,
  texts: readonly string[] = TEXTS,
): Promise<void> {
  for (const [i, input] of inputsFor(student, texts).entries()) {
    const [output] = await onnx.run(readBy(student, [input]));
    expectNumbers(given(student, file, input, output), expectedOf(student, input), `input ${i}`);
  }
}

/** Runs all inputs in one batch. */
async function expectBatch(
  { student, onnx }: Loaded,
  file: StudentFile,
  inputs: readonly PredictorInput[],
): Promise<void> {
  const outputs = await onnx.run(readBy(student, inputs));
  for (const [i, input] of inputs.entries()) {
    expectClose(given(student, file, input, outputs[i]), expectedOf(student, input), 1e-5, `input ${i}`);
  }
}

const within = (tolerance: number) => (got: ArrayLike<number>, expected: Float32Array, what: string) =>
  expectClose(got, expected, tolerance, what);

/** Students that read texts, of which batches may be padded. */
const withTexts = (files: Readonly<Record<string, StudentFile>>): [string, StudentFile][] =>
  Object.entries(files).filter(([, { spec }]) => spec.input?.kind !== 'image');

describe('the students of this suite', () => {
  it('have every layer kind, activation, input and task between them', () => {
    const flat = (layers: readonly LayerSpec[]): LayerSpec[] =>
      layers.flatMap((layer) => [layer, ...(layer.kind === 'residual' ? flat(layer.layers) : [])]);
    const specs = CASES.map(([, { spec }]) => spec);
    const all = specs.flatMap(({ layers }) => flat(layers));
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual(Object.keys(LAYER_RULES).sort());
    const activations = all.flatMap((layer) => ('activation' in layer ? [layer.activation] : []));
    expect([...new Set(activations)].sort()).toEqual(['gelu', 'none', 'relu', 'silu']);
    expect([...new Set(specs.map(({ task }) => task.kind))].sort()).toEqual(['classify', 'embed', 'tag']);
    expect([...new Set(specs.map(({ input }) => input?.kind))].sort()).toEqual(['image', 'pair', undefined]);
  });
});

describe('exportOnnx', () => {
  it('names what goes in and what comes out, by input and task', async () => {
    const names = async (file: StudentFile, padded: boolean): Promise<readonly (readonly string[])[]> => {
      const { inputs, outputs } = await exportOnnx(parseStudent(await studentBytes(file)), {
        precision: 'float',
        padded,
      });
      return [inputs, outputs];
    };
    expect(await names(convStudent(), false)).toEqual([['ids'], ['logits']]);
    expect(await names(tagStudent(), true)).toEqual([['ids', 'mask'], ['logits']]);
    expect(await names(embedStudent(), false)).toEqual([['ids'], ['embedding']]);
    expect(await names(pairStudent(), false)).toEqual([['ids', 'pairIds'], ['logits']]);
    expect(await names(pairStudent(), true)).toEqual([['ids', 'mask', 'pairIds', 'pairMask'], ['logits']]);
    expect(await names(imageStudent(), false)).toEqual([['pixels'], ['logits']]);
  });

  it('refuses to pad images', async () => {
    const parsed = parseStudent(await studentBytes(imageStudent()));
    await expect(exportOnnx(parsed, { precision: 'float', padded: true })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('test-image: expected no padding'),
    });
  });
});

describe('exportOnnx in float', () => {
  it.each(CASES)('%s in int8: what comes out is what the student in F32 gives within 1e-5', async (_, file) => {
    const { onnx } = await load(file, { precision: 'float' });
    const student = readStudent(await studentBytes(floatOf(file)));
    await expectEach({ student, onnx }, file, within(1e-5));
  });

  it.each(Object.entries(students('float')))('%s in F32: what comes out is its own within 1e-5', async (_, file) => {
    await expectEach(await load(file, { precision: 'float' }), file, within(1e-5));
  });

  it.each(withTexts(students('float')))(
    '%s with a mask: each text of a batch, the empty one too, has what it has alone within 1e-5',
    async (_, file) => {
      const loaded = await load(file, { precision: 'float', padded: true });
      await expectBatch(loaded, file, inputsFor(loaded.student, ['', ...TEXTS]));
    },
  );

  it.each(withTexts(students('float')))(
    '%s with a mask: what stands behind a text changes no bit of what comes out',
    async (_, file) => {
      const { student, onnx } = await load(file, { precision: 'float', padded: true });
      const inputs = inputsFor(student, ['', ...TEXTS]);
      const read = readBy(student, inputs);
      const [one, other] = [await onnx.run(read, 7), await onnx.run(read, 0)];
      for (const [i, input] of inputs.entries()) {
        expect(given(student, file, input, one[i])).toEqual(given(student, file, input, other[i]));
      }
    },
  );

  it.each(Object.entries(students('float')).filter(([, { spec }]) => spec.input?.kind === 'image'))(
    '%s: each image of a batch has what it has alone within 1e-5',
    async (_, file) => expectBatch(await load(file, { precision: 'float' }), file, imagesOf(IMAGE)),
  );

  it('of vectors of zeros: zeros, as the student gives', async () => {
    const file = embedStudent({ precision: 'float' });
    const zeros = [...file.tensors].map(([name, tensor]): [string, Tensor] => [
      name,
      name.startsWith('tokenizer.') ? tensor : { ...tensor, data: tensor.data.map(() => 0) as Float32Array },
    ]);
    await expectEach(await load({ ...file, tensors: new Map(zeros) }, { precision: 'float' }), file, within(0));
  });

  it('of scores far below 0 with a mask: each text of a batch has the logits that it has alone within 1e-5', async () => {
    const conv = convStudent({ precision: 'float', labels: LABELS, hiddenSize: 8 });
    const file = withLayers(conv, 'float', [
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
    await expectBatch(await load({ ...file, tensors }, { precision: 'float', padded: true }), file, TEXTS);
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
 * Attention is quantized in Retort alone.
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
  it.each(CASES)('%s in uint8: what comes out is that of the int8 student within 5 % of its range', async (_, file) => {
    await expectEach(await load(file, { precision: 'uint8' }), file, expectNear);
  });

  it.each(CASES)('%s in int8: what uint8 gives within 1e-5, where no sum of products saturates', async (_, file) => {
    const small = withSmallWeights(file);
    const padded = file.spec.input?.kind !== 'image';
    const { student, onnx: signed } = await load(small, { precision: 'int8', padded });
    const { onnx: unsigned } = await load(small, { precision: 'uint8', padded });
    const inputs = inputsFor(student);
    const read = readBy(student, inputs);
    const [got, expected] = await Promise.all([signed.run(read), unsigned.run(read)]);
    for (const [i] of inputs.entries()) expectClose(got[i], expected[i], 1e-5, `input ${i}`);
  });

  it('a student in F32 in uint8: logits are its own within 5 % of their range', async () => {
    const file = staticStudent({ precision: 'float' });
    await expectEach(await load(file, { precision: 'uint8' }), file, expectNear);
  });

  it.each(['tag', 'slots', 'embed', 'pairs', 'images'])(
    'of the trained student of examples/%s: what comes out is its own within 5 % of its range',
    async (name) => {
      const file = parseStudent(new Uint8Array(readFileSync(`examples/${name}/student.safetensors`)));
      await expectEach(await load(file, { precision: 'uint8' }), file, expectNear, MESSAGES.slice(0, 40));
    },
  );

  it('of the trained student of the examples: logits within 0.05 on 240 messages, so the same label where they are 0.1 apart', async () => {
    const bytes = readFileSync('examples/worker/student.safetensors');
    const student = readStudent(bytes);
    const onnx = await loadOnnxModel((await exportOnnx(parseStudent(bytes), { precision: 'uint8' })).bytes);
    let sameLabels = 0;
    for (const text of MESSAGES) {
      const [[ham, spam]] = await onnx.run(readBy(student, [text]));
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
