import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PredictorInput } from '../../src/runtime/index.ts';
import { EncodedRows } from '../../src/train/encoded-rows.ts';
import { TextWriter } from '../../src/train/storage/stored-texts.ts';
import { type StoredVectors, VectorWriter } from '../../src/train/storage/stored-vectors.ts';
import { hardLabelled, type TransferSet } from '../../src/train/transfer-set.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { toyTransferSet } from '../support/transfer-sets.ts';

const root = temporaryFolder('encoded-rows');
const IN_MEMORY = 20;

const encode = (text: PredictorInput): readonly Int32Array[] => [
  Int32Array.from(String(text).split(' '), (word) => word.length),
];

async function storeVectors(name: string, vectors: readonly Float32Array[]): Promise<StoredVectors> {
  const writer = await VectorWriter.create(join(root, name));
  for (const vector of vectors) await writer.add(vector);
  return writer.finish();
}

/** Moves all rows but the first ones to the disk, where no row has a label. */
async function store(set: TransferSet): Promise<TransferSet> {
  const writer = await TextWriter.create(join(root, 'texts'));
  for (const text of set.inputs.slice(IN_MEMORY)) await writer.add(String(text));
  return {
    ...set,
    inputs: set.inputs.slice(0, IN_MEMORY),
    targets: set.targets.slice(0, IN_MEMORY),
    teacherLogits: set.teacherLogits!.slice(0, IN_MEMORY),
    teacherFeatures: set.teacherFeatures!.slice(0, IN_MEMORY),
    stored: {
      texts: await writer.finish(),
      teacherLogits: await storeVectors('logits', set.teacherLogits!.slice(IN_MEMORY)),
      teacherFeatures: await storeVectors('features', set.teacherFeatures!.slice(IN_MEMORY)),
      hardLabelled: false,
    },
  };
}

describe.each([false, true])('EncodedRows of rows on disk, several labels a text: %s', (multiLabel) => {
  const toy = toyTransferSet({ rows: 60, seed: 3, numLabels: 3, multiLabel, labelled: 0.5, teacher: true });
  const whole = { ...toy, targets: toy.targets.map((target, row) => (row < IN_MEMORY ? target : null)) };
  const batches = [
    [0, 59, 20, 3],
    [19, 20, 21],
    [40, 41, 40],
    [1, 2],
  ];

  it.each([
    ['as they are', (set: TransferSet) => set],
    ["with the teacher's hard labels", hardLabelled],
  ])('gives the batches of the same rows in memory, %s', async (_, view) => {
    const inMemory = new EncodedRows(view(whole), { encode });
    const onDisk = new EncodedRows(view(await store(whole)), { encode });
    expect(onDisk.count).toBe(60);
    for (const batch of batches) {
      expect(onDisk.batch(batch)).toEqual(inMemory.batch(batch));
      expect(onDisk.labelled(batch)).toBe(inMemory.labelled(batch));
      expect(batch.map((row) => onDisk.tokens(row))).toEqual(batch.map((row) => inMemory.tokens(row)));
    }
    onDisk.close();
  });
});
