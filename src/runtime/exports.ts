/** What every door of the runtime exports beside its own `readStudent` and `loadStudent`. */
export {
  type ClassifyTask,
  FORMAT_VERSION,
  type FormatRule,
  InputError,
  type Provenance,
  RetortError,
  StudentFormatError,
  type StudentSpec,
  UnsupportedError,
} from '../format/index.ts';
export type { Backend } from './kernels/choose.ts';
export type { LoadOptions, LoadProgress, ReadOptions } from './load.ts';
export type {
  LabelScore,
  Pixels,
  Prediction,
  PredictOptions,
  Predictor,
  PredictorInfo,
  PredictorInput,
  RankedLabels,
  TextPair,
} from './predictor.ts';
export { type ClassifyOptions, type EmbedOptions, Student, type StudentInfo, type TaggedWord } from './student.ts';
