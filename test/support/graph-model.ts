/** A small TensorFlow.js graph model on disk, written by hand: how often each letter stands in a text, projected. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from './students.ts';

const LETTERS = 26;

/** A model and its module, with what they compute. */
export interface GraphOnDisk {
  readonly model: string;
  readonly preprocess: string;
  /** The output for a text, by a loop. */
  expected(text: string): readonly number[];
}

const attributes = (values: object): object => ({ attr: { T: { type: 'DT_FLOAT' }, ...values } });

/** The ways to be wrong that tests need. */
export interface GraphChanges {
  /** Source of the module. */
  readonly source?: string;
  /** Fields of `model.json` that are replaced. */
  readonly json?: object;
}

/** Writes `letters * weights`, `[batch, 26] x [26, size]`, and the sum of all letters as a second output. */
export function writeGraphModel(folder: string, size: number, { source, json }: GraphChanges = {}): GraphOnDisk {
  mkdirSync(folder, { recursive: true });
  const random = seeded(size);
  const weights = Float32Array.from({ length: LETTERS * size }, () => random() * 2 - 1);
  writeFileSync(join(folder, 'group1-shard1of1.bin'), weights);
  const shape = { shape: { dim: [{ size: '-1' }, { size: String(LETTERS) }] } };
  const model = {
    format: 'graph-model',
    modelTopology: {
      versions: { producer: 0 },
      node: [
        { name: 'letters', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape } },
        { name: 'weights', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' }, value: { tensor: {} } } },
        {
          name: 'projected',
          op: 'MatMul',
          input: ['letters', 'weights'],
          ...attributes({ transpose_a: { b: false }, transpose_b: { b: false } }),
        },
        { name: 'negative', op: 'Neg', input: ['letters'], ...attributes({}) },
      ],
    },
    weightsManifest: [
      { paths: ['group1-shard1of1.bin'], weights: [{ name: 'weights', shape: [LETTERS, size], dtype: 'float32' }] },
    ],
    ...json,
  };
  writeFileSync(join(folder, 'model.json'), JSON.stringify(model));
  writeFileSync(join(folder, 'preprocess.mjs'), source ?? PREPROCESS);
  return {
    model: join(folder, 'model.json'),
    preprocess: join(folder, 'preprocess.mjs'),
    expected(text) {
      const sums = new Array<number>(size).fill(0);
      for (const letter of text.toLowerCase().replace(/[^a-z]/g, '')) {
        for (let i = 0; i < size; i++) sums[i] += weights[(letter.charCodeAt(0) - 97) * size + i];
      }
      return sums;
    },
  };
}

/** Puts the texts in the opposite order, since a batch may hold them in any. */
const PREPROCESS = `
export function preprocess(texts) {
  const data = new Float32Array(${LETTERS} * texts.length);
  const order = texts.map((_, i) => texts.length - 1 - i);
  for (const [row, text] of order.entries()) {
    for (const letter of texts[text].toLowerCase().replace(/[^a-z]/g, '')) data[${LETTERS} * row + letter.charCodeAt(0) - 97]++;
  }
  return [{ texts: order, inputs: { letters: { dtype: 'float32', shape: [texts.length, ${LETTERS}], data } } }];
}
`;
