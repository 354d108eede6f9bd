import { describe, expect, it } from 'vitest';
import { type ImageStudentSpec, InputError, type LayerSpec, patchArea, type Tensor } from '../../src/format/index.ts';
import { type PredictorInput, readStudent } from '../../src/runtime/node.ts';
import { createRandom } from '../../src/train/random.ts';
import { dequantized } from '../support/float-tensors.ts';
import { liveBytes } from '../support/garbage.ts';
import { IMAGE, imageStudent, pairStudent, studentBytes } from '../support/students.ts';

const SENTENCES = ['', 'you won a prize!', 'meet at noon 日本 😀 é', 'free '.repeat(300)];
const PAIRS: readonly PredictorInput[] = SENTENCES.flatMap((text) => SENTENCES.map((pair) => ({ text, pair })));

const random = createRandom(4);
const image = (): Uint8Array =>
  Uint8Array.from({ length: IMAGE.height * IMAGE.width * IMAGE.channels }, () => random.uint32());
const IMAGES: readonly PredictorInput[] = [image().fill(0), image().fill(255), image(), image()];

describe.each([
  ['pairs', pairStudent, PAIRS],
  ['images', imageStudent, IMAGES],
] as const)('a student of %s', (_, build, inputs) => {
  it.each([1, 2, 3])('gives the same bits from SIMD128 and scalar kernels, seed %i', async (seed) => {
    const bytes = await studentBytes(build({ seed, labels: ['a', 'b', 'c'] }));
    const [simd, scalar] = (['simd', 'scalar'] as const).map((kernels) => readStudent(bytes, { kernels }));
    expect(simd.predict(inputs)).toEqual(scalar.predict(inputs));
  });

  it('int8 logits stay within 0.15 of the float student with the same weights', async () => {
    const int8 = build({ seed: 3 });
    const float = readStudent(await studentBytes({ ...int8, tensors: dequantized(int8.tensors) }));
    const quantized = readStudent(await studentBytes(int8));
    for (const input of inputs) {
      const expected = float.logits(input);
      for (const [i, logit] of quantized.logits(input).entries())
        expect(Math.abs(logit - expected[i])).toBeLessThan(0.15);
    }
  });

  it('answers alike after other inputs, and holds its memory still over 5,000 predictions', async () => {
    const student = readStudent(await studentBytes(build()));
    const first = student.predict(inputs);
    for (let i = 0; i < 1000; i++) student.classify(inputs[i % inputs.length]);
    const { buffers } = liveBytes();
    for (let i = 0; i < 5000; i++) student.classify(inputs[(7 * i) % inputs.length]);
    expect(liveBytes().buffers).toBe(buffers);
    expect(student.predict(inputs)).toEqual(first);
  });
});

describe('a student of pairs', () => {
  it('tells the first text from the second, and counts the tokens of both', async () => {
    const student = readStudent(await studentBytes(pairStudent()));
    const [there, back] = student.predict([
      { text: 'you won', pair: 'a prize' },
      { text: 'a prize', pair: 'you won' },
    ]);
    expect(there.labels).not.toEqual(back.labels);
    expect(there.tokens).toBe(student.tokenize('you won').ids.length + student.tokenize('a prize').ids.length);
  });

  it('refuses what is no pair, naming the place', async () => {
    const student = readStudent(await studentBytes(pairStudent()));
    expect(() => student.classify('you won')).toThrow('input: expected { text, pair }, two strings, got string');
    expect(() => student.classify([{ text: 'a' } as never])).toThrow('inputs[0]: expected { text, pair }');
    expect(() => student.predict([null as never])).toThrow(InputError);
  });
});

describe('a student of images', () => {
  it('reads as many bytes as its image has, refuses other inputs, and has no tokens', async () => {
    const student = readStudent(await studentBytes(imageStudent()));
    expect(student.predict([image()])[0]).toMatchObject({ tokens: null, truncated: false });
    expect(() => student.classify(new Uint8Array(59))).toThrow('expected a Uint8Array of 60 bytes, got 59 bytes');
    expect(() => student.classify('a')).toThrow(InputError);
    expect(() => student.tokenize('a')).toThrow(InputError);
  });

  it('takes the clamped bytes of a canvas as it takes the same bytes', async () => {
    const student = readStudent(await studentBytes(imageStudent()));
    const pixels = image();
    const clamped = new Uint8ClampedArray(pixels);
    expect(student.classify(clamped)).toEqual(student.classify(pixels));
    expect(student.predict([clamped])).toEqual(student.predict([pixels]));
    expect(() => student.classify(clamped.subarray(1))).toThrow('expected a Uint8Array of 60 bytes, got 59 bytes');
    expect(() => student.classify(new Int8Array(60) as never)).toThrow(InputError);
  });
});

/** What layers make of an image, as the logits of a student that has nothing else. */
async function valuesOf(layers: readonly LayerSpec[], size: number, pixels: Uint8Array, weights: readonly Tensor[]) {
  const tensors = new Map(weights.map((tensor, i) => [`layers.0.${['weight', 'bias'][i]}`, tensor]));
  const input = { kind: 'image', height: 7, width: 6, channels: 2 } as const;
  const labels = Array.from({ length: size }, (_, i) => `${i}`);
  const task = { kind: 'classify', labels, multiLabel: true } as const;
  const spec: ImageStudentSpec = {
    name: 'values',
    family: 'image',
    task,
    input,
    layers: [...layers, { kind: 'flatten' }],
  };
  return readStudent(await studentBytes({ spec, provenance: {}, tensors })).logits(pixels);
}

describe('layers over an image of 7 x 6 pixels and 2 channels', () => {
  const pixels = Uint8Array.from({ length: 84 }, () => random.uint32());
  const at = (y: number, x: number, channel: number): number =>
    y < 0 || y >= 7 || x < 0 || x >= 6 ? 0 : pixels[(6 * y + x) * 2 + channel] / 255;
  const cases = ([1, 2, 3, 5] as const).flatMap((kernelSize) =>
    ([1, 2, 3] as const).flatMap((stride) =>
      (['same', 'valid'] as const).map((padding) => ({ kernelSize, stride, padding })),
    ),
  );

  it.each(cases)(
    'conv2d is the sum of its definition within 1e-5: $kernelSize, stride $stride, $padding',
    async (one) => {
      const { kernelSize: k, stride, padding } = one;
      const layer = { kind: 'conv2d', inputChannels: 2, outputChannels: 3, ...one, activation: 'none' } as const;
      const [weight, bias] = [random.normals(3 * k * k * 2, 1), random.normals(3, 1)];
      const [height, width] = patchArea(layer, [7, 6]);
      expect([height, width]).toEqual(
        [7, 6].map((n) => (padding === 'same' ? Math.ceil(n / stride) : Math.floor((n - k) / stride) + 1)),
      );
      const shift = (n: number, count: number): number =>
        padding === 'valid' ? 0 : Math.floor(Math.max(0, (count - 1) * stride + k - n) / 2);
      const [top, left] = [shift(7, height), shift(6, width)];
      const got = await valuesOf([layer], 3 * height * width, pixels, [
        { dtype: 'F32', shape: [3, k, k, 2], data: weight },
        { dtype: 'F32', shape: [3], data: bias },
      ]);
      for (const [i, value] of got.entries()) {
        const [y, x, o] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
        let sum = bias[o];
        for (let dy = 0; dy < k; dy++) {
          for (let dx = 0; dx < k; dx++) {
            for (let c = 0; c < 2; c++) {
              sum += weight[((o * k + dy) * k + dx) * 2 + c] * at(y * stride - top + dy, x * stride - left + dx, c);
            }
          }
        }
        expect(value).toBeCloseTo(sum, 5);
      }
    },
  );

  it.each(cases.filter(({ padding }) => padding === 'valid'))(
    'maxPool2d is the largest value of each square: $kernelSize, stride $stride',
    async ({ kernelSize, stride }) => {
      const layer = { kind: 'maxPool2d', kernelSize, stride } as const;
      const [height, width] = patchArea(layer, [7, 6]);
      const got = await valuesOf([layer], 2 * height * width, pixels, []);
      for (const [i, value] of got.entries()) {
        const [y, x, c] = [Math.floor(i / 2 / width), Math.floor(i / 2) % width, i % 2];
        const square = Array.from({ length: kernelSize ** 2 }, (_, tap) =>
          at(y * stride + Math.floor(tap / kernelSize), x * stride + (tap % kernelSize), c),
        );
        expect(value).toBe(Math.fround(Math.max(...square)));
      }
    },
  );
});
