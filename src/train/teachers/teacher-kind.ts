/** A kind of teacher model: how its options are read, how it is known, loaded and, where it learns, trained. */
import type * as v from 'valibot';
import type { TaskKind } from '../../format/index.ts';
import type { Tokenizer } from '../../runtime/index.ts';
import type { BackendName } from '../backend.ts';
import type { Dataset } from '../data/dataset.ts';
import type { RunHooks } from '../progress.ts';
import type { Vocabulary } from '../tokenizers/vocabulary.ts';
import type { HeadJson, Learning, ModelIdentity, ModelOptions, ModelSpec, TeacherModel } from './teacher.ts';

/** Where and on what a model is trained before it teaches. */
export interface FitContext {
  readonly dataset: Dataset;
  readonly seed: number;
  readonly cacheDir: string;
  readonly threads: number;
}

/** A model that was trained for a task. */
export interface FittedModel<Options extends ModelOptions> {
  /** Of the trained model, which lies under the cache folder. */
  readonly options: Options;
  /** The head that was trained with it; null where the model gives logits. */
  readonly head: HeadJson | null;
  /** Null where it was not kept. */
  readonly learning: Learning | null;
  /** Wall-clock seconds of all parts of the training; null where it was there already. */
  readonly seconds: number | null;
}

/** One kind of model, a file of this folder each. */
export interface TeacherKind<Options extends ModelOptions = ModelOptions> {
  /** Reads the options as users write them, and fills in the defaults. */
  readonly schema: v.GenericSchema<unknown, Options>;
  /** Every key of the schema, at any depth: what a misspelt one is compared with. */
  readonly keys: readonly string[];
  /** Options that are paths, relative to the config file. */
  readonly paths: readonly (keyof Options & string)[];
  /** Options that change no output: how fast, how often, how long. */
  readonly incidental?: readonly (keyof Options & string)[];
  /** That cannot run it. */
  readonly excludedBackends?: readonly BackendName[];
  /** What it can be asked. Default: to classify. */
  readonly tasks?: readonly TaskKind[];
  /** Has answers for the texts of a run alone, and none for others. */
  readonly answersKnownTexts?: true;
  /** Answers for images too, each as a text of base64. */
  readonly readsImages?: true;
  /** Options that count for texts alone, and for images alone. */
  readonly onlyFor?: Readonly<Record<'text' | 'image', readonly (keyof Options & string)[]>>;
  /** In worker threads, one model each; or in this thread, which sends requests and waits. */
  readonly runsIn: 'threads' | 'requests';
  /** Texts of one call: enough to keep the model busy, few enough that a stopped run loses little. */
  readonly batchSize: number | ((options: Options) => number);
  /** Calls that are under way at once where it runs by requests. */
  concurrency?(options: Options): number;
  /** @throws InputError or UnsupportedError where there is no such model, or what runs it is not installed */
  identify(spec: ModelSpec<Options>): Promise<ModelIdentity>;
  /** Loads it on the current TensorFlow.js backend, which the caller has chosen. */
  load(spec: ModelSpec<Options>): Promise<TeacherModel>;
  /** Whether the options ask for {@link fit}. */
  needsFit?(options: Options): boolean;
  /** What the model gives that {@link fit} leaves. */
  readonly fittedOutput?: ModelIdentity['output'];
  /** Trains the model on the labelled rows of a dataset; resumes what was stopped, and keeps what it trained. */
  fit?(spec: ModelSpec<Options>, context: FitContext, hooks: RunHooks): Promise<FittedModel<Options>>;
  /** How it reads a text, with its limits; absent where only the model itself knows. */
  tokenizer?(options: Options): Promise<Tokenizer>;
  /** The pieces that it reads, of which a student may keep some. */
  vocabulary?(options: Options): Promise<Vocabulary>;
}
