/** What a user writes in `retort.config.ts`, and what it means once the defaults are in. */
import type { AugmentationSpec } from '../augmentation/augment-rows.ts';
import type { MethodWeights } from '../augmentation/methods.ts';
import type { BackendName } from '../backend.ts';
import type { Dataset } from '../data/dataset.ts';
import type { ChatConfig } from '../teachers/chat/chat-config.ts';
import type { EncoderConfig } from '../teachers/encoder/encoder-config.ts';
import type { GraphConfig } from '../teachers/graph/graph-config.ts';
import type { HttpConfig } from '../teachers/http/http-config.ts';
import type { OnnxConfig } from '../teachers/onnx/onnx-config.ts';
import type { RecordedConfig } from '../teachers/recorded/recorded-config.ts';
import type { ScratchConfig } from '../teachers/scratch/scratch-config.ts';
import type { SentenceEncoderConfig } from '../teachers/sentence-encoder-config.ts';
import type { ModelOptions } from '../teachers/teacher.ts';
import type { TrainingSpec } from '../training-run.ts';
import type {
  ConvStudentConfig,
  ImageStudentConfig,
  StaticStudentConfig,
  StudentConfig,
  TransformerStudentConfig,
} from './student-config.ts';

/**
 * Files with labelled and unlabelled rows (`.jsonl`, `.ndjson`, `.csv`, `.tsv`, `.parquet`), or folders of them laid out
 * as Hugging Face datasets are; relative to the config file.
 */
export interface DataFiles {
  /** What the rows are for: to classify their texts, or to tag the words of each. Default `classify`. */
  readonly task?: 'classify' | 'tag';
  /**
   * Rows to learn from; those without a label are the unlabelled part of the transfer set. A folder brings the dev and
   * test splits along that it has.
   */
  readonly train: string;
  /** More rows without labels; of a folder all. */
  readonly unlabelled?: string;
  /** Labelled rows that choices are made on; taken from `train` where there is no such file. */
  readonly dev?: string;
  /** Labelled rows that are only reported on; taken from `train` where there is no such file. */
  readonly test?: string;
  /** Share of the labelled training rows that become dev where it has no file. Default 0.15. */
  readonly devShare?: number;
  /** The same for test. Default 0.2. */
  readonly testShare?: number;
  /** Column of the text; to tag, of the words: a list, or a text that spaces part. Default `text`; to tag, `tokens`. */
  readonly textColumn?: string;
  /** Column of the second text, where the task is about two. Default `pair`, where the training rows have it. */
  readonly pairColumn?: string;
  /** Column of the label; to tag, of one label a word, e.g. IOB2. Default `label`; to tag, `tags`. */
  readonly labelColumn?: string;
  /** Column of the row's id. Default: the id is a hash of the text. */
  readonly idColumn?: string;
  /**
   * Splits a label cell into several labels and makes the task multi label, e.g. `|`. A cell that holds nothing but the
   * separator says that the row has none of the labels; an empty one, that its labels are unknown.
   */
  readonly labelSeparator?: string;
  /**
   * Unlabelled rows of each seed that are held in memory, with what the teacher says about them; those beyond lie on
   * disk, in the output folder, while a run goes on. It changes no student. Labelled rows are always in memory;
   * `augment` needs all of them there. Default 200,000.
   */
  readonly maxUnlabelledInMemory?: number;
}

/** What a function that loads data may use. */
export interface DataContext {
  /** A folder that stays between runs. */
  readonly cacheDir: string;
  /** Seed of the run, for choices such as which rows keep their label. */
  readonly seed: number;
}

/** Loads a dataset; called once for every seed. */
export type DataFunction = (context: DataContext) => Dataset | Promise<Dataset>;

/** A model that teaches; one that gives features gets a classification head, fitted on the labelled rows. */
export type ModelConfig =
  | ChatConfig
  | EncoderConfig
  | GraphConfig
  | HttpConfig
  | OnnxConfig
  | RecordedConfig
  | ScratchConfig
  | SentenceEncoderConfig;

/** Several models whose probabilities are averaged. */
export interface EnsembleConfig {
  readonly kind: 'ensemble';
  readonly members: readonly {
    /** Counts by its share of the sum of all weights. Default 1. */
    readonly weight?: number;
    readonly teacher: ModelConfig;
  }[];
}

/** Who teaches. */
export type TeacherConfig = ModelConfig | EnsembleConfig;

/** One model of a teacher, with its defaults. */
export interface MemberConfig {
  readonly weight: number;
  readonly options: ModelOptions;
}

/** A run, completely: `export default defineConfig({ ... })`. */
export interface Config {
  /** Names the run and its output folder. */
  readonly name: string;
  readonly data: DataFiles | DataFunction;
  readonly teacher?: TeacherConfig;
  /** Enlarges the transfer set. Default: it is not enlarged. */
  readonly augment?: AugmentConfig;
  /** Default: a `static` and a `conv` one; to tag, a `conv` one. */
  readonly students?: readonly StudentConfig[];
  /** Trains what the students are compared with: on labels only, on hard labels, TF-IDF. Default true. */
  readonly baselines?: boolean;
  /** Every seed trains every student; scores are means over them. Default `[0]`. */
  readonly seeds?: readonly number[];
  /** Default `out/<name>`, relative to the config file. */
  readonly outDir?: string;
  /** Default `out/cache`. */
  readonly cacheDir?: string;
  /** Default `auto`: the fastest that is installed. */
  readonly backend?: 'auto' | BackendName;
  /** Worker threads. Default: one a core. */
  readonly threads?: number;
}

/** Rows that are made from the training rows, for the teacher to label. */
export interface AugmentConfig {
  /** Rows made for each training row, labelled or not; 0 makes none. Default 2. */
  readonly factor?: number;
  /** How often each method is drawn, against the others; a method that is left out is not drawn. Default: all of them. */
  readonly methods?: Partial<MethodWeights>;
  /** Probability that a word is changed, for the methods that change words. Default 0.2. */
  readonly rate?: number;
  /** What stands in place of a masked word, e.g. `[MASK]` for a teacher that knows it. Default: the word is left out. */
  readonly maskToken?: string;
  /** Seed of the draws: the same for every seed of the run, so that the teacher is asked once. Default 0. */
  readonly seed?: number;
}

/** A value with every optional field filled in. */
type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** Files with defaults; paths are absolute. */
export type ResolvedDataFiles = Filled<
  Omit<DataFiles, 'task' | 'unlabelled' | 'dev' | 'test' | 'pairColumn' | 'idColumn' | 'labelSeparator'>
> & {
  /** Left out to classify. */
  readonly task?: 'tag';
  readonly unlabelled: string | null;
  readonly dev: string | null;
  readonly test: string | null;
  /** Null where the training rows tell. */
  readonly pairColumn: string | null;
  readonly idColumn: string | null;
  readonly labelSeparator: string | null;
};

/** A student with defaults; its training has every schedule spelt out, and no seed yet. */
export type ResolvedStudent = {
  readonly training: Omit<TrainingSpec, 'seed'>;
  /** Whether the feature terms of its objective stand in the config, and not in the preset of its family alone. */
  readonly asksForFeatures: boolean;
  /** Absent where the embedding is int8, or there is none. */
  readonly embeddingPrecision?: 'int4';
} & (
  | Filled<Omit<StaticStudentConfig, 'training' | 'embeddingPrecision'>>
  | Filled<Omit<ConvStudentConfig, 'training' | 'embeddingPrecision'>>
  | Filled<Omit<TransformerStudentConfig, 'training' | 'embeddingPrecision'>>
  | Filled<Omit<ImageStudentConfig, 'training'>>
);

/** A run with defaults. */
export interface ResolvedConfig {
  readonly name: string;
  readonly data: ResolvedDataFiles | DataFunction;
  /** The models whose answers are averaged; most teachers have one. */
  readonly teacher: readonly MemberConfig[];
  /** Null where no rows are made. */
  readonly augment: AugmentationSpec | null;
  readonly students: readonly ResolvedStudent[];
  readonly baselines: boolean;
  readonly seeds: readonly number[];
  readonly outDir: string;
  readonly cacheDir: string;
  readonly backend: 'auto' | BackendName;
  readonly threads: number;
}

/** Gives a config its type; returns it as it is. */
export function defineConfig(config: Config): Config {
  return config;
}
