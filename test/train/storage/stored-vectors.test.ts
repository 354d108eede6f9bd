import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VectorReader, VectorWriter } from '../../../src/train/storage/stored-vectors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('stored-vectors');

it('stored vectors come back bit for bit in any order', async () => {
  const vectors = [
    Float32Array.of(1.5, -0, 1e-45),
    Float32Array.of(Infinity, -Infinity, 3.4e38),
    // A view into a larger buffer is written as what it shows.
    Float32Array.of(9, 1, 2, 3, 9).subarray(1, 4),
  ];
  const writer = await VectorWriter.create(join(root, 'vectors'));
  for (const vector of vectors) await writer.add(vector);
  const stored = await writer.finish();
  expect(stored.width).toBe(3);
  const reader = new VectorReader(stored);
  for (const row of [2, 0, 1]) expect(reader.at(row)).toEqual(vectors[row].slice());
  reader.close();
});
