/** Classification head of a teacher: logistic regression on the pooled features of an encoder. */
import { createHash } from 'node:crypto';
import { InputError } from '../../format/index.ts';
import {
  fitLogisticRegression,
  type LabelledFeatures,
  type LogisticModel,
  logisticLogits,
} from '../logistic-regression.ts';
import type { RunHooks } from '../progress.ts';
import type { Head, HeadJson, HeadTask } from './teacher.ts';

/** Inverse strengths of the penalty that are tried; the best on dev is taken. */
const STRENGTHS: readonly number[] = [1, 3, 10, 30, 100, 300, 1000, 3000];

/** Features with targets, row by row. */
export interface HeadRows {
  /** `[featureSize]` each. */
  readonly features: readonly Float32Array[];
  /** 0 or 1 for each label. */
  readonly targets: readonly Float32Array[];
}

/**
 * Fits a head for every strength of the penalty and keeps the one that is best on `dev`.
 *
 * @throws InputError where there are no rows, or all rows have the same label; the reason of the signal
 */
export async function fitHead(
  train: HeadRows,
  dev: HeadRows,
  task: HeadTask,
  { onProgress, signal }: RunHooks = {},
): Promise<Head> {
  const { labels, multiLabel } = task;
  const present = labels.filter((_, label) => train.targets.some((target) => target[label] === 1));
  if (train.features.length === 0 || (!multiLabel && present.length < 2)) {
    const got = `${train.features.length} labelled rows with ${present.length} of ${labels.length} labels`;
    throw new InputError(`teacher head: expected labelled rows of at least two labels, got ${got}; label more rows`);
  }
  const shape = { numColumns: train.features[0].length, numLabels: labels.length, multiLabel };
  const tell = (done: number): void =>
    onProgress?.({ stage: 'head', done, total: STRENGTHS.length, etaSeconds: null, detail: 'of the teacher' });
  tell(0);
  const hooks = { onFitted: tell, signal };
  const { weights } = await fitLogisticRegression(rowsOf(train), rowsOf(dev), shape, STRENGTHS, hooks);
  return createHead({ ...task, featureSize: shape.numColumns, weights: [...weights] });
}

function rowsOf({ features, targets }: HeadRows): LabelledFeatures {
  return { rows: features.map((values) => ({ columns: null, values })), targets };
}

/** The head that a JSON describes. */
export function createHead(json: HeadJson): Head {
  const { labels, multiLabel, featureSize } = json;
  const weights = Float64Array.from(json.weights);
  const model: LogisticModel = { numColumns: featureSize, numLabels: labels.length, multiLabel, weights };
  const hash = createHash('sha256').update(JSON.stringify(json)).digest('hex');
  return {
    id: `head-${hash.slice(0, 32)}`,
    labels,
    multiLabel,
    logits: (features) => Float32Array.from(logisticLogits(model, { columns: null, values: features })),
    toJSON: () => json,
  };
}
