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
export { type LabellingOptions, labelTexts } from './labelling.ts';
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
export {
  type Coverage,
  pruneVocabulary,
  unigramSpec,
  type Vocabulary,
  vocabularyTensors,
} from './vocabulary.ts';
