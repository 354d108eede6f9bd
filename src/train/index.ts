/**
 * Makes a student: data, teachers, training, quantization, export.
 *
 * @module
 */
export { WriteError, writeFileAtomic } from './atomic-file.ts';
export { type BackendName, type ChosenBackend, chooseBackend } from './backend.ts';
export { OutputCache, outputKey } from './cache/output-cache.ts';
export { contentHash } from './data/content-hash.ts';
export type { Dataset, Row } from './data/dataset.ts';
export { type RowColumns, readRows } from './data/read-rows.ts';
export { type HiddenLabels, hideLabels, type SplitShares, type Splits, splitByHash } from './data/split.ts';
export { type Evaluation, evaluateLogits, evaluateStudent } from './evaluation/evaluate.ts';
export { exportStudent } from './export-student.ts';
export { type ConvSizes, convLayers } from './families/conv.ts';
export { type StaticSizes, staticLayers } from './families/static.ts';
export { type LabellingOptions, labelTexts } from './labelling.ts';
export type { DistillationLoss, FeatureLoss, FeatureTerm, Objective, Schedule } from './objective.ts';
export type { Progress, RunHooks, Stage } from './progress.ts';
export { fitHead, type HeadRows, type HeadTask } from './teachers/classification-head.ts';
export type { Encoder, Head, Interruptible } from './teachers/teacher.ts';
export {
  type EncoderIdentity,
  identifySentenceEncoder,
  loadSentenceEncoder,
  readSentenceEncoderVocabulary,
  type SentenceEncoderOptions,
} from './teachers/universal-sentence-encoder.ts';
export { trainStudent } from './train-student.ts';
export type { EpochRecord, OptimizerSpec, TrainedStudent, TrainingSpec, TrainingTask } from './training-run.ts';
export {
  createTransferSet,
  hardLabelled,
  labelledOnly,
  type TeacherOutputs,
  type TransferSet,
} from './transfer-set.ts';
export {
  type Coverage,
  pruneVocabulary,
  unigramSpec,
  type Vocabulary,
  vocabularyTensors,
} from './vocabulary.ts';
export { WorkerPool } from './worker-pool.ts';
