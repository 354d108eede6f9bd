/**
 * What a teacher is made of: a model that says something of a text, and, where that is features, a head that turns them
 * into logits. Model and head are known by two ids, so that fitting a head again never runs the model again.
 */
import type * as v from 'valibot';
import type { Tokenizer } from '../../runtime/index.ts';
import type { BackendName } from '../backend.ts';
import type { Dataset } from '../data/dataset.ts';
import type { RunHooks } from '../progress.ts';
import type { Vocabulary } from '../tokenizers/vocabulary.ts';
import type { EpochRecord } from '../training-run.ts';

/** Options of a call that can be stopped. */
export interface Interruptible {
  readonly signal?: AbortSignal;
}

/** Which model, where it runs, and what it is asked: plain data, so that it goes to threads and into files. */
export interface ModelSpec<Options extends ModelOptions = ModelOptions> {
  /** As in the config, defaults filled in, paths absolute. */
  readonly options: Options;
  readonly backend: BackendName;
  /** What a model that gives logits gives them for, in their order. */
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
}

/** The options of any kind of model. */
export interface ModelOptions {
  readonly kind: string;
}

/** What is known of a model before it is loaded. */
export interface ModelIdentity {
  /** Content hash of everything that determines an output: weights, vocabulary, limits, labels, revision of the code. */
  readonly id: string;
  /** How it is called in tables. */
  readonly name: string;
  /** Pooled features, from which a head makes logits, or logits at once. */
  readonly output: 'features' | 'logits';
  /** Values of one output. */
  readonly size: number;
  /** Bytes of weights and vocabulary; null where they are somewhere else, or where there are none. */
  readonly bytes: number | null;
}

/** A loaded model. */
export interface TeacherModel {
  /**
   * Told of every text that a run will ask about, some perhaps twice, before the first one: refuses what it cannot
   * answer, tells what the run will cost. Of models that run by requests.
   */
  prepare?(texts: AsyncIterable<string>, hooks: RunHooks): Promise<void>;
  /** @returns one output a text, in order; a text's output does not depend on its neighbors */
  run(texts: readonly string[], options?: Interruptible): Promise<readonly Float32Array[]>;
  dispose(): void | Promise<void>;
}

/** Where and on what a model is trained before it teaches. */
export interface FitContext {
  readonly dataset: Dataset;
  readonly seed: number;
  readonly cacheDir: string;
  readonly threads: number;
}

/** How the training of a model went. */
export interface Learning {
  /** From 1. */
  readonly bestEpoch: number;
  /** Without the seconds, which no two runs have alike. */
  readonly history: readonly Omit<EpochRecord, 'seconds'>[];
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

/** What a head is fitted for. */
export interface HeadTask {
  /** Id of the model that gives the features. */
  readonly encoderId: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
}

/** A head as JSON: what a file needs to hold to run it again. */
export interface HeadJson extends HeadTask {
  readonly featureSize: number;
  /** `[numLabels, featureSize + 1]`, the bias last in each row. */
  readonly weights: readonly number[];
}

/** Turns pooled features into logits. Small enough to run anywhere. */
export interface Head {
  /** Content hash of its weights and of the model's id. */
  readonly id: string;
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  /** @returns one logit a label */
  logits(features: Float32Array): Float32Array;
  toJSON(): HeadJson;
}
