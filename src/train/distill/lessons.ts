/** What the students of one seed learn from: the data, and what the teacher says about all of it. */
import type { ResolvedConfig } from '../config/config.ts';
import { checkDataset } from '../data/check-dataset.ts';
import type { Dataset, Row } from '../data/dataset.ts';
import { tellLeaks } from '../data/leaks.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { type Evaluation, evaluateLogits } from '../evaluation/evaluate.ts';
import { labelTexts } from '../labelling.ts';
import type { RunHooks } from '../progress.ts';
import { fitHead, type HeadRows } from '../teachers/classification-head.ts';
import type { Head } from '../teachers/teacher.ts';
import { identifySentenceEncoder, type SentenceEncoderOptions } from '../teachers/universal-sentence-encoder.ts';
import { createTransferSet, type TransferSet, targetOf } from '../transfer-set.ts';

/** The splits of a dataset, joined with the teacher's outputs. */
export interface TaughtSplits {
  readonly train: TransferSet;
  readonly dev: TransferSet;
  readonly test: TransferSet;
}

/** One seed's data with its teacher. */
export interface Lesson {
  readonly seed: number;
  readonly dataset: Dataset;
  readonly head: Head;
  readonly splits: TaughtSplits;
  /** The teacher's own answers. */
  readonly teacherOnDev: Evaluation;
  readonly teacherOnTest: Evaluation;
}

/** Features by text. */
type FeaturesOfTexts = ReadonlyMap<string, Float32Array>;

/**
 * Loads the data of each seed.
 *
 * @throws InputError with code `invalid_data`
 */
export async function loadDatasets(config: ResolvedConfig, { onNotice }: RunHooks): Promise<readonly Dataset[]> {
  const { name, data, seeds, cacheDir } = config;
  const datasets: Dataset[] = [];
  for (const seed of seeds) {
    const notice = datasets.length === 0 ? onNotice : undefined;
    const dataset = await (typeof data === 'function'
      ? data({ cacheDir, seed })
      : loadDataset(name, data, seed, notice));
    checkDataset(dataset);
    if (notice !== undefined) tellLeaks(dataset, notice);
    datasets.push(dataset);
  }
  return datasets;
}

/** Runs the encoder over all texts once, and fits a head for each seed on its labelled training rows. */
export async function teach(
  datasets: readonly Dataset[],
  config: ResolvedConfig,
  encoder: SentenceEncoderOptions,
  hooks: RunHooks,
): Promise<readonly Lesson[]> {
  const features = await encode(datasets, config, encoder, hooks);
  const { id } = await identifySentenceEncoder(encoder);
  return datasets.map((dataset, i) => {
    const head = fitHeadOn(dataset, features, id);
    const join = (rows: readonly Row[]): TransferSet => {
      const vectors = featuresOf(rows, dataset, features);
      return createTransferSet(dataset, rows, {
        features: vectors,
        logits: vectors.map((vector) => head.logits(vector)),
      });
    };
    const splits = { train: join(dataset.train), dev: join(dataset.dev), test: join(dataset.test) };
    const judge = (set: TransferSet): Evaluation => evaluateLogits(set.teacherLogits!, set);
    return {
      seed: config.seeds[i],
      dataset,
      head,
      splits,
      teacherOnDev: judge(splits.dev),
      teacherOnTest: judge(splits.test),
    };
  });
}

async function encode(
  datasets: readonly Dataset[],
  { cacheDir, threads }: ResolvedConfig,
  encoder: SentenceEncoderOptions,
  hooks: RunHooks,
): Promise<FeaturesOfTexts> {
  const texts = new Set<string>();
  for (const { train, dev, test, teacherField } of datasets) {
    for (const { fields } of [...train, ...dev, ...test]) texts.add(fields[teacherField]);
  }
  const list = [...texts];
  const features = await labelTexts(list, { encoder, cacheDir: `${cacheDir}/teacher`, workers: threads }, hooks);
  return new Map(list.map((text, i) => [text, features[i]]));
}

function featuresOf(
  rows: readonly Row[],
  { teacherField }: Dataset,
  features: FeaturesOfTexts,
): readonly Float32Array[] {
  return rows.map(({ fields }) => features.get(fields[teacherField])!);
}

function fitHeadOn(dataset: Dataset, features: FeaturesOfTexts, encoderId: string): Head {
  const { labels, multiLabel, train, dev } = dataset;
  const labelled = (rows: readonly Row[]): HeadRows => {
    const known = rows.filter((row) => row.labels !== null);
    return {
      features: featuresOf(known, dataset, features),
      targets: known.map((row) => targetOf(labels, row.labels!)),
    };
  };
  return fitHead(labelled(train), labelled(dev), { encoderId, labels, multiLabel });
}
