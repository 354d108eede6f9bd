import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYER_RULES, type LayerSpec, type StudentSpec, type TextStudentSpec } from '../../src/format/index.ts';
import { type PredictorInput, readStudent } from '../../src/runtime/index.ts';
import { exportStudent } from '../../src/train/export-student.ts';
import type { Dropout } from '../../src/train/network.ts';
import { createRandom } from '../../src/train/random.ts';
import {
  exportedParameters,
  forwardStudent,
  initializeStudent,
  StudentNetwork,
} from '../../src/train/student-network.ts';
import { createTokenBatch, type TokenBatch } from '../../src/train/token-batch.ts';
import {
  convStudent,
  imageStudent,
  pairStudent,
  staticStudent,
  tagStudent,
  transformerStudent,
} from '../support/students.ts';
import { useWasmBackend } from '../support/wasm-backend.ts';

const TEXTS = ['', 'a', 'you won a prize!', 'meet at noon 日本 😀 é', 'free '.repeat(20), 'prize prize prize'];

const conv = convStudent();
const hashed = staticStudent();
const tokenizerTensors = new Map([...conv.tensors].filter(([name]) => name.startsWith('tokenizer.')));

/** `conv` with another pooling, and with other activations. */
function convSpec(pooling: LayerSpec, activation: 'relu' | 'gelu' | 'silu'): TextStudentSpec {
  const swap = (layer: LayerSpec): LayerSpec => {
    if (layer.kind === 'maxPool') return pooling;
    if (layer.kind === 'residual') return { ...layer, layers: layer.layers.map(swap) };
    return layer.kind === 'depthwiseConv' ? { ...layer, activation } : layer;
  };
  return { ...conv.spec, layers: conv.spec.layers.map(swap) };
}

const vocabSize = conv.tensors.get('tokenizer.lengths')!.shape[0];
const SPECS: Record<string, StudentSpec> = {
  'a bag of hashed n-grams': hashed.spec,
  'convolutions, the largest value': convSpec({ kind: 'maxPool' }, 'silu'),
  'convolutions, a weighted mean': convSpec({ kind: 'weightedMean', vocabSize }, 'gelu'),
  'a transformer': transformerStudent().spec,
  pairs: pairStudent().spec,
  images: imageStudent().spec,
};

const kindsOf = (layers: readonly LayerSpec[]): string[] =>
  layers.flatMap((layer) => [layer.kind, ...(layer.kind === 'residual' ? kindsOf(layer.layers) : [])]);

describe('the networks of this suite', () => {
  it('have every layer kind of the format between them', () => {
    const kinds = Object.values(SPECS).flatMap(({ layers }) => kindsOf(layers));
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(LAYER_RULES).sort());
  });
});

/** Initial weights with noise, so that nothing is 0 or 1 any more. */
function parametersOf(spec: StudentSpec): Map<string, { values: Float32Array; shape: readonly number[] }> {
  const random = createRandom(5);
  const { tensors, tables } = new StudentNetwork({ spec, tokenizerTensors });
  const shapes = new Map([...tensors, ...tables].map(({ name, shape }) => [name, shape]));
  return new Map(
    [...initializeStudent(spec, random)].map(([name, values]) => {
      const noise = random.normals(values.length, 0.2);
      return [name, { shape: shapes.get(name)!, values: values.map((value, i) => value + noise[i]) }];
    }),
  );
}

function tokensOf(spec: StudentSpec, inputs: readonly PredictorInput[]): TokenBatch {
  const network = new StudentNetwork({ spec, tokenizerTensors });
  const encoded = inputs.map((input) => network.encode(input));
  return createTokenBatch(encoded[0].flatMap((_, text) => encoded.map((ids) => ids[text])));
}

/** Each text, or each text beside another one, or an image for each. */
function inputsOf(spec: StudentSpec): readonly PredictorInput[] {
  if (!('tokenizer' in spec)) {
    const random = createRandom(3);
    const { height, width, channels } = spec.input;
    return TEXTS.map(() => Uint8Array.from({ length: height * width * channels }, () => random.uint32()));
  }
  if (spec.input === undefined) return TEXTS;
  return TEXTS.map((text, i) => ({ text, pair: TEXTS[(i + 2) % TEXTS.length] }));
}

describe.each(Object.entries(SPECS))('the network of %s', (_, spec) => {
  beforeAll(useWasmBackend);
  const parameters = parametersOf(spec);
  const inputs = inputsOf(spec);
  const named = (): Map<string, tf.Tensor> =>
    new Map([...parameters].map(([name, { values, shape }]) => [name, tf.tensor(values, [...shape])]));
  const logitsOf = (some: readonly PredictorInput[]): number[][] =>
    tf.tidy(() => forwardStudent(spec, named(), tokensOf(spec, some)).logits.arraySync());

  it('has the logits of the exported float student, within 1e-4', async () => {
    const trained = new Map([...parameters].map(([name, { values }]) => [name, values]));
    const file = { spec, parameters: exportedParameters(spec, trained) };
    const tensors = 'tokenizer' in spec && spec.tokenizer.kind === 'unigram' ? tokenizerTensors : new Map();
    const student = readStudent(await exportStudent(file, tensors, 'float', {}));
    for (const [row, logits] of logitsOf(inputs).entries()) {
      const expected = student.logits(inputs[row]);
      for (const [label, logit] of logits.entries()) expect(logit).toBeCloseTo(expected[label], 4);
    }
  });

  it('gives an input the same logits in any batch, within 1e-5', () => {
    for (const [row, logits] of logitsOf(inputs).entries()) {
      const [alone] = logitsOf([inputs[row]]);
      for (const [label, logit] of logits.entries()) expect(logit).toBeCloseTo(alone[label], 5);
    }
  });

  it.each([...parameters.keys()])(
    'has the directional derivative along %s of central differences, within 3 percent',
    (name) => {
      const tokens = tokensOf(spec, inputs);
      const random = createRandom(9);
      const logitFactors = random.normals(TEXTS.length * 2, 1);
      const direction = random.normals(parameters.get(name)!.values.length, 1);
      const weigh = (x: tf.Tensor, factors: Float32Array): tf.Scalar => {
        const weights = (): tf.Tensor => tf.tensor(factors, x.shape);
        return tf.customGrad((y) => ({
          value: tf.sum(tf.mul(y as tf.Tensor, weights())) as tf.Scalar,
          gradFunc: () => weights(),
        }))(x) as tf.Scalar;
      };
      const loss = (...tensors: tf.Tensor[]): tf.Scalar => {
        const output = forwardStudent(spec, new Map([...parameters.keys()].map((key, i) => [key, tensors[i]])), tokens);
        return weigh(output.logits, logitFactors);
      };
      const at = (offset: number): number =>
        tf.tidy(() => {
          const moved = named();
          const { values, shape } = parameters.get(name)!;
          moved.set(
            name,
            tf.tensor(
              values.map((value, i) => value + offset * direction[i]),
              [...shape],
            ),
          );
          return loss(...moved.values()).dataSync()[0];
        });
      const gradient = tf.tidy(() => {
        const { grads } = tf.valueAndGrads(loss)([...named().values()]);
        return grads[[...parameters.keys()].indexOf(name)].dataSync<'float32'>();
      });
      const expected = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
      // Small, so that no maximum changes hands within it.
      const step = 1e-4;
      const measured = (at(step) - at(-step)) / (2 * step);
      expect(Math.abs(measured - expected)).toBeLessThan(0.03 * Math.max(Math.abs(expected), 0.3));
    },
  );
});

describe('dropout in the network of a transformer', () => {
  beforeAll(useWasmBackend);
  const { spec } = transformerStudent();
  const parameters = parametersOf(spec);
  /** The pooled vectors, which the dropout before the last layer comes behind. */
  const pooledOf = (dropout: Dropout | null): Float32Array =>
    tf.tidy(() => {
      const named = [...parameters].map(([name, { values, shape }]) => [name, tf.tensor(values, [...shape])] as const);
      return forwardStudent(spec, new Map(named), tokensOf(spec, TEXTS), dropout).pooled.dataSync<'float32'>();
    });

  it('drops probabilities of attention, the same ones for the same seed', () => {
    const dropped = (seed: number): Float32Array => pooledOf({ rate: 0.5, random: createRandom(seed) });
    expect(dropped(1)).toEqual(dropped(1));
    expect(dropped(1)).not.toEqual(dropped(2));
    expect(dropped(1)).not.toEqual(pooledOf(null));
  });
});

describe('StudentNetwork', () => {
  it('reads and moves by row what has a row a token, and shrinks matrices alone', () => {
    const { tensors, tables, pooledSize } = new StudentNetwork({ spec: hashed.spec, tokenizerTensors: new Map() });
    expect(tables.map(({ name, decays }) => [name, decays])).toEqual([
      ['layers.0.weight', true],
      ['layers.1.weight', false],
    ]);
    for (const { name, shape, decays } of tensors) {
      expect(name).not.toMatch(/^layers\.[01]\./);
      expect(decays).toBe(shape.length === 2);
    }
    expect(pooledSize).toBe(tables[0].shape[1]);
  });
});

describe('the network of a student that tags', () => {
  beforeAll(useWasmBackend);

  it('has the logits of the words of the exported float student in any batch, within 1e-4', async () => {
    const { spec } = tagStudent();
    const network = new StudentNetwork({ spec, tokenizerTensors });
    const random = createRandom(4);
    const values = initializeStudent(spec, random);
    const shapes = [...network.tensors, ...network.tables];
    const encoded = TEXTS.map((text) => network.encodeWords!(text));
    const words = encoded.map((text) => text.words!);
    const batch = createTokenBatch(
      encoded.map(({ ids }) => ids),
      words,
    );
    const logits = tf.tidy(() => {
      const named = new Map(shapes.map(({ name, shape }) => [name, tf.tensor(values.get(name)!, [...shape])]));
      return forwardStudent(spec, named, batch).logits.arraySync();
    });
    const file = { spec, parameters: exportedParameters(spec, values) };
    const student = readStudent(await exportStudent(file, tokenizerTensors, 'float', {}));
    const expected = TEXTS.flatMap((text) => [...student.logits(text)]);
    expect(words.reduce((sum, { length }) => sum + length, 0)).toBe(logits.length);
    expect(expected).toHaveLength(3 * logits.length);
    for (const [i, logit] of logits.flat().entries()) expect(logit).toBeCloseTo(expected[i], 4);
  });
});
