/** The standalone file, whose properties have other names, against the source that it is built from. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it, vi } from 'vitest';
import type { InputError, StudentFormatError } from '../../src/format/index.ts';
import * as source from '../../src/runtime/browser.ts';
import { type FuzzSeed, mutantOf } from '../support/fuzz-mutants.ts';
import { fuzzSeeds } from '../support/fuzz-seeds.ts';

type Runtime = typeof source;

const TEXTS = ['', 'you won a prize! 日本 😀', 'free '.repeat(40)];

let standalone: Runtime;
let seeds: readonly FuzzSeed[];

beforeAll(async () => {
  standalone = await import(new URL('../../dist/runtime/standalone.js', import.meta.url).href);
  seeds = await fuzzSeeds();
});

/** Everything that a student says of itself and of its inputs, and how it refuses what is none. */
function answersOf({ readStudent }: Runtime, bytes: Uint8Array, kernels: 'simd' | 'scalar'): unknown {
  const student = readStudent(bytes, { kernels });
  const { task, spec } = student.info;
  const said = [student.info, refusal(() => student.logits(1 as never)), refusal(() => student.embed([], { size: 0 }))];
  if (task === 'tag') return [...said, student.tag(TEXTS), TEXTS.map((text) => student.tokenize(text))];
  const { input } = spec;
  const inputs =
    input?.kind === 'image'
      ? [0, 77].map((byte) => new Uint8Array(input.height * input.width * input.channels).fill(byte))
      : TEXTS.map((text) => (input === undefined ? text : { text, pair: TEXTS[1] }));
  const answers = task === 'embed' ? student.embed(inputs) : [student.predict(inputs), student.classify(inputs)];
  return [...said, answers, inputs.map((one) => student.logits(one))];
}

/** The fields and the message of a typed error. */
function refusal(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    const { code, message, rule, tensor, byteOffset } = error as InputError & StudentFormatError;
    if (code === undefined) throw error;
    return { code, message, rule, tensor, byteOffset };
  }
}

it.each(['simd', 'scalar'] as const)('answers as the source does, whatever the layers, on %s kernels', (kernels) => {
  for (const { bytes } of seeds) {
    const [got, expected] = [standalone, source].map((runtime) => refusal(() => answersOf(runtime, bytes, kernels)));
    expect(got).toEqual(expected);
  }
});

it('refuses 1,000 mutants of students in the words of the source, and answers alike where it reads them', () => {
  for (let i = 0; i < 1000; i++) {
    const { bytes } = mutantOf(seeds, 7, i);
    const [got, expected] = [standalone, source].map((runtime) => refusal(() => answersOf(runtime, bytes, 'scalar')));
    if (!isDeepStrictEqual(got, expected)) expect(got, `mutant ${i}`).toEqual(expected);
  }
});

it('links every export of its modules in the place of a method', () => {
  const assign = vi.spyOn(Object, 'assign');
  standalone.readStudent(seeds[0].bytes, { kernels: 'simd' });
  const [[kernels, exports]] = assign.mock.calls;
  assign.mockRestore();
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(kernels));
  expect(Object.keys(exports).length).toBeGreaterThanOrEqual(9);
  expect(methods).toEqual(expect.arrayContaining(Object.keys(exports)));
});
