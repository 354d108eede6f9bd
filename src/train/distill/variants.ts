/**
 * The trainings of one student: distilled, and what it is compared with. All take as many steps, look at dev as often
 * and keep what was best there; they differ in what they learn from, and in how fast (`baseline-grid.ts`).
 */
import type { BackendName } from '../backend.ts';
import type { Dataset, Row } from '../data/dataset.ts';
import { LABELS_ALONE } from '../objective.ts';
import type { TrainingTask } from '../training-run.ts';
import { createTransferSet, hardLabelled, labelledOnly, type TransferSet } from '../transfer-set.ts';
import { scaleSchedule } from './baseline-grid.ts';
import type { Lesson } from './lessons.ts';
import type { StudentPlan } from './plan-student.ts';

/** What a student learns from. */
export type Variant = 'distilled' | 'labelsOnly' | 'hardLabels' | 'allLabels';

/** How a variant is called in tables. */
export const VARIANT_NAMES: Readonly<Record<Variant, string>> = {
  distilled: 'distilled',
  labelsOnly: 'labels only',
  hardLabels: "teacher's hard labels",
  allLabels: 'all labels, no teacher',
};

/** @returns the variants that a dataset allows; only the first one where there are no baselines, or no labels */
export function variantsOf({ task, hiddenLabels }: Dataset, baselines: boolean): readonly Variant[] {
  if (!baselines || task === 'embed') return ['distilled'];
  const known = (hiddenLabels?.size ?? 0) > 0;
  return ['distilled', 'labelsOnly', 'hardLabels', ...(known ? (['allLabels'] as const) : [])];
}

/**
 * The task that trains `variant` of a student.
 *
 * @param rate factor of the config's learning rate
 */
export function trainingTask(
  variant: Variant,
  { student, spec, tokenizerTensors }: StudentPlan,
  { seed, dataset, splits: { train, dev } }: Lesson,
  backend: BackendName,
  checkpointDir: string,
  rate = 1,
): TrainingTask {
  const { objective, optimizer } = student.training;
  const usesFeatures = variant === 'distilled' && objective.features.length > 0;
  const learned = transferSetOf(variant, train, dataset);
  return {
    spec,
    tokenizerTensors,
    training: {
      ...student.training,
      objective: variant === 'distilled' ? objective : LABELS_ALONE,
      optimizer: { ...optimizer, learningRate: scaleSchedule(optimizer.learningRate, rate) },
      seed,
    },
    train: usesFeatures ? learned : withoutFeatures(learned),
    dev: withoutFeatures(dev),
    backend,
    threads: 1,
    checkpointFile: `${checkpointDir}/${spec.name}-${variant}${rate === 1 ? '' : `-x${rate.toFixed(2)}`}-${seed}.bin`,
  };
}

function withoutFeatures(set: TransferSet): TransferSet {
  const { stored } = set;
  return {
    ...set,
    teacherFeatures: null,
    ...(stored === undefined ? {} : { stored: { ...stored, teacherFeatures: null } }),
  };
}

function transferSetOf(variant: Variant, train: TransferSet, dataset: Dataset): TransferSet {
  switch (variant) {
    case 'distilled':
      return train;
    case 'labelsOnly':
      return labelledOnly(train);
    case 'hardLabels':
      return hardLabelled(train);
    case 'allLabels':
      return labelledOnly(createTransferSet(dataset, revealed(dataset), null));
  }
}

function revealed({ train, hiddenLabels }: Dataset): readonly Row[] {
  return train.map((row) => ({ ...row, labels: row.labels ?? hiddenLabels?.get(row.id) ?? null }));
}
