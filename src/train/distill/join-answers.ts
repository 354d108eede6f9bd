/** Joins the rows of a dataset with what its teacher says about them. */
import type { Dataset, Row } from '../data/dataset.ts';
import type { RunHooks } from '../progress.ts';
import { allTexts, type StoredTexts } from '../storage/stored-texts.ts';
import { VectorWriter } from '../storage/stored-vectors.ts';
import type { StoredRows } from '../stored-rows.ts';
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import { Turns } from '../turns.ts';
import { type TeacherAnswer, type TeacherOnTexts, teacherTexts } from './teach.ts';

/** The splits of a dataset, joined with the teacher's outputs. */
export interface TaughtSplits {
  readonly train: TransferSet;
  readonly dev: TransferSet;
  readonly test: TransferSet;
}

/**
 * Rows in memory get their answers there, those on disk in files beside their texts.
 *
 * @param withFeatures whether features are kept, where the teacher has any
 * @throws WriteError, or the reason of `signal`
 */
export async function joinAnswers(
  dataset: Dataset,
  teacher: TeacherOnTexts,
  withFeatures: boolean,
  { signal }: RunHooks,
): Promise<TaughtSplits> {
  const { train, dev, test, stored } = dataset;
  const answer = (...texts: readonly [text: string, pair?: string]): TeacherAnswer => {
    const { logits, features } = teacher.answer(...texts);
    return { logits, features: withFeatures ? features : null };
  };
  const inMemory = (rows: readonly Row[]): TransferSet => {
    const answers = rows.map((row) => answer(...teacherTexts(dataset, row)));
    const hasFeatures = answers.some(({ features }) => features !== null);
    return createTransferSet(dataset, rows, {
      logits: answers.map(({ logits }) => logits),
      features: hasFeatures ? answers.map(({ features }) => features!) : null,
    });
  };
  const onDisk = stored === undefined ? {} : { stored: await storeAnswers(stored, answer, signal) };
  return {
    train: { ...inMemory(train), ...onDisk },
    dev: { ...inMemory(dev), similar: dataset.similar?.dev },
    test: { ...inMemory(test), similar: dataset.similar?.test },
  };
}

/** @param texts at least one */
async function storeAnswers(
  texts: StoredTexts,
  answer: (text: string) => TeacherAnswer,
  signal: AbortSignal | undefined,
): Promise<StoredRows> {
  const turns = new Turns();
  const logitsFile = await VectorWriter.create(`${texts.path}.logits`);
  let featuresFile: VectorWriter | null = null;
  try {
    for (const text of allTexts(texts)) {
      await turns.yield(signal);
      const { logits, features } = answer(text);
      await logitsFile.add(logits);
      if (features === null) continue;
      featuresFile ??= await VectorWriter.create(`${texts.path}.features`);
      await featuresFile.add(features);
    }
  } catch (error) {
    await logitsFile.abandon();
    await featuresFile?.abandon();
    throw error;
  }
  return {
    texts,
    teacherLogits: await logitsFile.finish(),
    teacherFeatures: (await featuresFile?.finish()) ?? null,
    hardLabelled: false,
  };
}
