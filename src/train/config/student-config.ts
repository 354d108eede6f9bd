/** A student as a config asks for it: its family, its sizes, its training. */
import type { DistillationLoss, FeatureLoss, Schedule } from '../objective.ts';

/** A number, or how it changes during training. */
export type Scheduled = number | Schedule;

/** How a student is trained. The total loss is modelWeight x model loss + alpha x distillation loss + beta x feature loss. */
export interface TrainingConfig {
  /** Weight of the cross-entropy with gold labels, on the rows that have them. Default 0.5. */
  readonly modelWeight?: Scheduled;
  /** Weight of the distillation loss. Default 1. */
  readonly alpha?: Scheduled;
  /** Softens the answers of teacher and student, for `softTargets` (Hinton et al. 2015, arXiv:1503.02531). Default 2. */
  readonly temperature?: Scheduled;
  /**
   * What brings the student's answers to the teacher's: KL divergence of softened answers, squared distance of
   * probabilities, or of logits. Default `softTargets`.
   */
  readonly distillation?: Exclude<DistillationLoss, 'cosine'>;
  /**
   * Losses between the student's pooled features, projected, and the teacher's. Default: none for `static`; for the
   * others one by cosine whose beta falls from 0.5 to 0, where the teacher has features.
   */
  readonly features?: readonly { readonly loss: FeatureLoss; readonly beta: Scheduled }[];
  /** Default `adam`. */
  readonly optimizer?: 'adam' | 'sgd';
  /** After the warm-up. Default: linear from 0.006 to 0; for `transformer` from 0.002. */
  readonly learningRate?: Scheduled;
  /** Share of all steps over which the learning rate rises from 0, 0 to 1. Default 0.05; for `transformer` 0.1. */
  readonly warmup?: number;
  /** Decoupled from the gradient (Loshchilov & Hutter 2017, arXiv:1711.05101). Default 0.01. */
  readonly weightDecay?: number;
  /** Of `sgd`. Default 0.9. */
  readonly momentum?: number;
  /** Looks at dev; the weights of the best one are kept. Default 8. */
  readonly epochs?: number;
  /** Steps between two looks at dev. Default 60. */
  readonly stepsPerEpoch?: number;
  /** Rows of a step. Default 32. */
  readonly batchSize?: number;
  /** Share of activations dropped before the last layer, and of an attention's probabilities, 0 to 1. Default 0.1. */
  readonly dropout?: number;
  /** Epochs without a better dev score after which training ends; null, the default, trains to the end. */
  readonly patience?: number | null;
}

/** How a student that reads texts stores its embedding, which is most of its file. */
export interface EmbeddingConfig {
  /**
   * `int8` takes one byte a weight and a scale a row; `int4` a bit more than half of it, with a scale for every 32
   * weights of a row, so `hiddenSize` is a multiple of 32. All else is int8. Default `int8`.
   */
  readonly embeddingPrecision?: 'int8' | 'int4';
}

/** A bag of hashed n-grams: an embedding, its weighted mean, a perceptron. */
export interface StaticStudentConfig extends EmbeddingConfig {
  /** Names the student and its file. Default `static`. */
  readonly name?: string;
  readonly family: 'static';
  /** Longest text that it reads, in UTF-16 code units. Default 1,000. */
  readonly maxCharacters?: number;
  /** Most n-grams that it reads. Default 512. */
  readonly maxTokens?: number;
  /** Rows of the embedding, each of `hiddenSize` bytes in int8; n-grams are hashed onto them. Default 8,192. */
  readonly buckets?: number;
  /** Longest n-grams of words; 0 for none. Default 2. */
  readonly wordNgrams?: number;
  /** Lengths of n-grams of characters, for languages without spaces and for misspelt words. Default null: none. */
  readonly charNgrams?: readonly [min: number, max: number] | null;
  /** Width of the embedding. Default 24. */
  readonly hiddenSize?: number;
  /** Width of the hidden layer behind it; 0 for none. Default 32. */
  readonly perceptronSize?: number;
  readonly training?: TrainingConfig;
}

/** Depthwise-separable convolutions over the pieces of the teacher's vocabulary, which the student keeps a part of. */
export interface ConvStudentConfig extends EmbeddingConfig {
  /** Names the student and its file. Default `conv`. */
  readonly name?: string;
  readonly family: 'conv';
  /** Longest text that it reads, in UTF-16 code units. Default 400. */
  readonly maxCharacters?: number;
  /** Most pieces that it reads. Default 64. */
  readonly maxTokens?: number;
  /** Most pieces that are kept of the teacher's vocabulary; single characters come on top. Default 4,000. */
  readonly maxPieces?: number;
  /** Width of the embedding and of the convolutions. Default 32. */
  readonly hiddenSize?: number;
  /** Residual blocks of one convolution each. Default 2. */
  readonly blocks?: number;
  /** Pieces that a convolution sees at once, an odd number. Default 5. */
  readonly kernelSize?: number;
  /** How the vectors of the pieces become one. Default `weightedMean`. */
  readonly pooling?: 'maxPool' | 'weightedMean';
  readonly training?: TrainingConfig;
}

/** Self-attention over the pieces of the teacher's vocabulary, which the student keeps a part of. */
export interface TransformerStudentConfig extends EmbeddingConfig {
  /** Names the student and its file. Default `transformer`. */
  readonly name?: string;
  readonly family: 'transformer';
  /** Longest text that it reads, in UTF-16 code units. Default 400. */
  readonly maxCharacters?: number;
  /** Most pieces that it reads; time grows with their square. Default 64. */
  readonly maxTokens?: number;
  /** Most pieces that are kept of the teacher's vocabulary; single characters come on top. Default 2,000. */
  readonly maxPieces?: number;
  /** Width of the embedding and of every layer. Default 128. */
  readonly hiddenSize?: number;
  /** Layers of one attention and one feed-forward block. Default 2. */
  readonly layers?: number;
  /** Heads of an attention, each of a multiple of 4 channels; together they are as wide as the layer. Default 4. */
  readonly heads?: number;
  /** Width inside a feed-forward block. Default 256. */
  readonly feedForwardSize?: number;
  /** How the vectors of the pieces become one. Default `attentionPool`. */
  readonly pooling?: 'attentionPool' | 'maxPool' | 'weightedMean';
  readonly training?: TrainingConfig;
}

/** 2-d convolutions over an image, each with max pooling behind it that halves the image. */
export interface ImageStudentConfig {
  /** Names the student and its file. Default `image`. */
  readonly name?: string;
  readonly family: 'image';
  /** Channels that each convolution writes. Default `[8, 16]`. */
  readonly filters?: readonly number[];
  /** Height and width of what a convolution sees at once. Default 3. */
  readonly kernelSize?: number;
  /** Width of the layer between the last image and the logits; 0 for none. Default 0. */
  readonly perceptronSize?: number;
  readonly training?: TrainingConfig;
}

/** The family and the sizes of a network that reads texts in order. */
export type NetworkConfig =
  | Omit<ConvStudentConfig, 'name' | 'training' | 'embeddingPrecision'>
  | Omit<TransformerStudentConfig, 'name' | 'training' | 'embeddingPrecision'>;

/** A student by its family. */
export type StudentConfig = StaticStudentConfig | ConvStudentConfig | TransformerStudentConfig | ImageStudentConfig;
