/** Joins the rows of a dataset with what its teacher says about them. */
import type { Dataset, Row } from '../data/dataset.ts';
import type { RunHooks } from '../progress.ts';
import { allTexts, type StoredTexts } from '../storage/stored-texts.ts';
import { type StoredVectors, VectorWriter } from '../storage/stored-vectors.ts';
import type { StoredRows } from '../stored-rows.ts';
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import { Turns } from '../turns.ts';
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
 * @throws WriteError, or the reason of `signal`
 */
export async function joinAnswers(
  dataset: Dataset,
  answers: TeacherOnTexts,
  { signal }: RunHooks,
): Promise<TaughtSplits> {
  const { train, dev, test, stored } = dataset;
  const inMemory = (rows: readonly Row[]): TransferSet => joinRows(dataset, rows, answers);
  const onDisk = stored === undefined ? {} : { stored: await joinStored(stored, answers, signal) };
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

async function joinStored(
  texts: StoredTexts,
  { logits, features }: TeacherOnTexts,
  signal: AbortSignal | undefined,
): Promise<StoredRows> {
  const turns = new Turns();
  const write = async (name: string, answer: (text: string) => Float32Array): Promise<StoredVectors> => {
    const writer = await VectorWriter.create(`${texts.path}.${name}`);
    try {
      for (const text of allTexts(texts)) {
        await turns.yield(signal);
        await writer.add(answer(text));
      }
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    return writer.finish();
  };
  return {
    texts,
    teacherLogits: await write('logits', logits),
    teacherFeatures: features === null ? null : await write('features', features),
    hardLabelled: false,
  };
}
