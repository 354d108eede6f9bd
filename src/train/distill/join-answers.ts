/** Joins the rows of a dataset with what its teacher says about them. */
import type { Dataset, Row } from '../data/dataset.ts';
import { allTexts, type StoredTexts } from '../storage/stored-texts.ts';
import { type StoredVectors, VectorWriter } from '../storage/stored-vectors.ts';
import type { StoredRows } from '../stored-rows.ts';
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import type { TeacherOnTexts } from './teach.ts';

/** The splits of a dataset, joined with the teacher's outputs. */
export interface TaughtSplits {
  readonly train: TransferSet;
  readonly dev: TransferSet;
  readonly test: TransferSet;
}

/**
 * Rows in memory get their answers there, those on disk in files beside their texts.
 *
 * @throws WriteError
 */
export async function joinAnswers(dataset: Dataset, answers: TeacherOnTexts): Promise<TaughtSplits> {
  const { train, dev, test, stored } = dataset;
  const inMemory = (rows: readonly Row[]): TransferSet => joinRows(dataset, rows, answers);
  const onDisk = stored === undefined ? {} : { stored: await joinStored(stored, answers) };
  return {
    train: { ...inMemory(train), ...onDisk },
    dev: inMemory(dev),
    test: inMemory(test),
  };
}

function joinRows(dataset: Dataset, rows: readonly Row[], { logits, features }: TeacherOnTexts): TransferSet {
  const texts = rows.map(({ fields }) => fields[dataset.teacherField]);
  return createTransferSet(dataset, rows, {
    logits: texts.map(logits),
    features: features === null ? null : texts.map(features),
  });
}

async function joinStored(texts: StoredTexts, { logits, features }: TeacherOnTexts): Promise<StoredRows> {
  const write = async (name: string, answer: (text: string) => Float32Array): Promise<StoredVectors> => {
    const writer = await VectorWriter.create(`${texts.path}.${name}`);
    for (const text of allTexts(texts)) await writer.add(answer(text));
    return writer.finish();
  };
  return {
    texts,
    teacherLogits: await write('logits', logits),
    teacherFeatures: features === null ? null : await write('features', features),
    hardLabelled: false,
  };
}
