/**
 * Makes a student: data, teachers, training, quantization, export.
 *
 * @module
 */

export { WriteError, writeFileAtomic } from './atomic-file.ts';
export type { AugmentationSpec } from './augmentation/augment-rows.ts';
export { BACKEND_NAMES, type BackendName, type ChosenBackend, chooseBackend } from './backend.ts';
export { OutputCache } from './cache/output-cache.ts';
export { outputKey } from './cache/output-key.ts';
export {
  type AugmentConfig,
  type Config,
  type DataContext,
  type DataFiles,
  type DataFunction,
  defineConfig,
  type ResolvedConfig,
  type TeacherConfig,
} from './config/config.ts';
export { configHash } from './config/config-hash.ts';
export { resolveConfig } from './config/resolve-config.ts';
export type {
  ConvStudentConfig,
  EmbeddingConfig,
  ImageStudentConfig,
  Scheduled,
  StaticStudentConfig,
  StudentConfig,
  TrainingConfig,
  TransformerStudentConfig,
} from './config/student-config.ts';
export { suggestKey } from './config/suggestion.ts';
export { contentHash } from './data/content-hash.ts';
export type { Dataset, Row } from './data/dataset.ts';
export { type EvaluationTask, evaluationSet } from './data/evaluation-set.ts';
export { hasCellsAlone, type PlacedRow, readPlacedRows, readRows, streamRows } from './data/read-rows.ts';
export { type DataReport, reportData, type TextLimit } from './data/report/data-report.ts';
export { reportConfigData, reportFileData } from './data/report/report-sources.ts';
export { COLUMN_NAMES, PAIR_FIELD, type RowColumns } from './data/row-columns.ts';
export { type HiddenLabels, hideLabels, type SplitShares, type Splits, splitByHash } from './data/split.ts';
export { type DistillationResult, distill } from './distill/distill.ts';
export type { DistillationMetrics } from './distill/metrics.ts';
export { entitiesOf, OUTSIDE } from './evaluation/entities.ts';
export { type Evaluation, evaluateLogits, evaluateStudent } from './evaluation/evaluate.ts';
export { measureLatency, medianInput, type Timed, timedStudent } from './evaluation/latency.ts';
export { cosine } from './evaluation/similarity.ts';
export { exportOnnx, type OnnxExport, type OnnxExportOptions } from './export/onnx/index.ts';
export type { OnnxPrecision } from './export/onnx/weights.ts';
export { exportStudent } from './export-student.ts';
export { type ConvSizes, convLayers } from './families/conv.ts';
export { type StaticSizes, staticLayers } from './families/static.ts';
export { type TransformerSizes, transformerLayers } from './families/transformer.ts';
export { fileFault } from './file-fault.ts';
export { isFolder } from './is-folder.ts';
export { type FittedTeacher, fitTeacher } from './labelling/fit-teacher.ts';
export {
  type LabelledByModel,
  type LabelOptions,
  type LabelReport,
  label,
} from './labelling/label.ts';
export { type LabelledTexts, type LabellingOptions, labelTexts } from './labelling/label-texts.ts';
export { type MergedModel, type MergeReport, mergeShards } from './labelling/merge.ts';
export type { Shard } from './labelling/shard.ts';
export type { DistillationLoss, FeatureLoss, FeatureTerm, Objective, Schedule } from './objective.ts';
export type { Progress, RunHooks, Stage } from './progress.ts';
export type { WeightPrecision } from './quantization.ts';
export { invalidRecord, type RunRecord, readRecord } from './records/run-record.ts';
export { writeTensorBoard } from './records/tensorboard.ts';
export { formatBytes, formatMs, formatShare } from './report/figures.ts';
export { renderReport } from './report/report.ts';
export { type ResultTable, resultTable } from './report/result-table.ts';
export { answersAnyText } from './teachers/answers-any-text.ts';
export { fitHead, type HeadRows } from './teachers/classification-head.ts';
export type { GraphBatch, InputTensor, Preprocess } from './teachers/graph/graph-input.ts';
export { loadModel, modelTokenizer } from './teachers/load-model.ts';
export { EndpointError, type EndpointFault } from './teachers/requests/endpoint-error.ts';
export { readTeacher, type SavedTeacher, type TeacherMember } from './teachers/saved-teacher.ts';
export type {
  Head,
  HeadJson,
  HeadTask,
  Interruptible,
  ModelIdentity,
  ModelOptions,
  ModelSpec,
  TeacherModel,
} from './teachers/teacher.ts';
export { startTeacher, type TeacherPredictor } from './teachers/teacher-predictor.ts';
export { type Coverage, type PrunedVocabulary, pruneVocabulary } from './tokenizers/prune-vocabulary.ts';
export { readTokenizer, type TokenizerFile } from './tokenizers/tokenizer-json.ts';
export { trainVocabulary } from './tokenizers/train-vocabulary.ts';
export {
  bpeVocabulary,
  unigramVocabulary,
  type Vocabulary,
  wordPieceVocabulary,
} from './tokenizers/vocabulary.ts';
export { trainStudent } from './train-student.ts';
export { TrainingError } from './trainer/training-error.ts';
export type { EpochRecord, OptimizerSpec, TrainedStudent, TrainingSpec, TrainingTask } from './training-run.ts';
export {
  createTransferSet,
  hardLabelled,
  labelledOnly,
  type TeacherOutputs,
  type TransferSet,
} from './transfer-set.ts';
export { WorkerPool } from './worker-pool.ts';
