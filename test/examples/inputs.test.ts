/** The students of examples/pairs, examples/images and examples/slots: made by their configs with seed 0, and of use. */
import { readFile } from 'node:fs/promises';
import { configHash, resolveConfig } from 'retort-edge/train';
import { describe, expect, it } from 'vitest';
import images from '../../examples/images/retort.config.ts';
import pairs from '../../examples/pairs/retort.config.ts';
import slots from '../../examples/slots/retort.config.ts';
import { parseStudent } from '../../src/format/index.ts';
import { loadStudent } from '../../src/runtime/node.ts';

const pathOf = (example: string): string => `examples/${example}/student.safetensors`;

it.each([
  ['pairs', pairs],
  ['images', images],
  ['slots', slots],
] as const)('the student of examples/%s is one that its config makes with seed 0', async (example, config) => {
  const { provenance } = parseStudent(await readFile(pathOf(example)));
  expect(provenance.configHash).toBe(configHash(resolveConfig(config, `examples/${example}`), 0));
});

describe.each(['simd', 'scalar'] as const)('on %s kernels', (kernels) => {
  it('the student of pairs tells sentences that say the same from others', async () => {
    const student = await loadStudent(pathOf('pairs'), { kernels });
    const text = 'A man is playing a guitar.';
    const others = [text, 'A man plays the guitar.', 'The stock market fell on Monday.'];
    const best = student.classify(
      others.map((pair) => ({ text, pair })),
      { topK: 1 },
    );
    expect(best.map(([{ label }]) => label)).toEqual(['same', 'same', 'different']);
  });

  it('the student of slots gives a text the kinds of details that it names', async () => {
    const student = await loadStudent(pathOf('slots'), { kernels });
    const likely = student.classify('book a restaurant for four people in boston').filter(({ score }) => score > 0.5);
    expect(likely.map(({ label }) => label)).toEqual(expect.arrayContaining(['party_size_number', 'restaurant_type']));
  });

  it('the student of images reads a drawn one and a drawn zero', async () => {
    const student = await loadStudent(pathOf('images'), { kernels });
    const draw = (isInk: (x: number, y: number) => boolean): Uint8Array =>
      Uint8Array.from({ length: 784 }, (_, i) => (isInk(i % 28, Math.floor(i / 28)) ? 250 : 0));
    const one = draw((x, y) => x >= 13 && x <= 15 && y >= 4 && y < 24);
    const zero = draw((x, y) => Math.abs(Math.hypot((y - 14) / 9, (x - 14) / 6.5) - 1) < 0.22);
    const best = student.classify([one, zero], { topK: 1 });
    expect(best.map(([{ label }]) => label)).toEqual(['1', '0']);
  });
});
