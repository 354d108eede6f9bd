/** A model that is trained on labels alone, as a config asks for it. */

import type { NetworkConfig } from '../../config/student-config.ts';

/** How it is trained: Adam, a linear decay to 0, the best epoch on dev is kept. */
export interface ScratchTrainingConfig {
  /** Looks at dev. Default 20. */
  readonly epochs?: number;
  /** Steps between two looks at dev. Default 100. */
  readonly stepsPerEpoch?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** At the end of the warm-up. Default 0.003. */
  readonly learningRate?: number;
  /** Default 0.01. */
  readonly weightDecay?: number;
  /** Share of activations dropped before the last layer. Default 0.2. */
  readonly dropout?: number;
  /** Epochs without a better dev score after which it ends; null trains to the end. Default 5. */
  readonly patience?: number | null;
}

/**
 * A larger Retort model: of the `static` family, whose hashed n-grams need no vocabulary, and so no language, of one
 * that reads texts in order, as it takes to tag, or of the `image` family for images.
 */
export interface ScratchConfig {
  readonly kind: 'scratch';
  /** Longest text that it reads, in UTF-16 code units. Default 4,000. */
  readonly maxCharacters?: number;
  /** Default 2,048. */
  readonly maxTokens?: number;
  /** Rows of the table of n-grams. Default 65,536. */
  readonly buckets?: number;
  /** Longest n-grams of words. Default 2. */
  readonly wordNgrams?: number;
  /** Lengths of n-grams of characters, which languages without spaces need; null for none. Default `[2, 4]`. */
  readonly charNgrams?: readonly [min: number, max: number] | null;
  /** Default 64. */
  readonly hiddenSize?: number;
  /** Default 128. */
  readonly perceptronSize?: number;
  /** Of images: channels that each convolution writes. Default `[16, 32]`. */
  readonly filters?: readonly number[];
  /** Of images: height and width of what a convolution sees at once. Default 5. */
  readonly kernelSize?: number;
  /**
   * A network of another family in place of the static one, whose sizes then count for nothing; its vocabulary is learned
   * from the training texts. Sizes that it leaves out are larger than a student's: for `conv` 3 blocks of 128, for
   * `transformer` 4 layers of 192. Default: none; to tag, `conv`. Not for images.
   */
  readonly network?: NetworkConfig;
  readonly training?: ScratchTrainingConfig;
}

type Optional = 'filters' | 'kernelSize' | 'network';

/** The same with its defaults; what is left out of the others counts where it is read. */
export interface ScratchOptions extends Required<Omit<ScratchConfig, 'training' | Optional>> {
  readonly network?: NetworkConfig | undefined;
  readonly filters?: readonly number[];
  readonly kernelSize?: number;
  readonly training: Required<ScratchTrainingConfig>;
  /** The trained model, a student file in F32, of images in int8; null before it is trained. A config does not set it. */
  readonly file: string | null;
}
