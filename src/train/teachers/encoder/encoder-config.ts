/** An encoder as a config asks for it. */

/** The mean over all tokens, special ones included (as sentence-transformers has it), or the first token's vector. */
export type Pooling = 'mean' | 'cls';

/** Which part of a model is trained: all of it, its top layers and the head, or the head alone. */
export type TrainedLayers = 'all' | 'head' | number;

/** How an encoder is fine-tuned; AdamW with linear warm-up and linear decay to 0. */
export interface FineTuneConfig {
  /** Default `all`. */
  readonly layers?: TrainedLayers;
  /** Default 3. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** At the end of the warm-up. Default 1e-4, which suits small encoders; 2e-5 to 5e-5 suits BERT base. */
  readonly learningRate?: number;
  /** Share of all steps, 0 to 1. Default 0.1. */
  readonly warmup?: number;
  /** Default 0.01. */
  readonly weightDecay?: number;
  /** Share of activations that are dropped. Default 0.1. */
  readonly dropout?: number;
  /** Epochs without a better dev score after which it ends; null, the default, trains to the end. */
  readonly patience?: number | null;
}

/** An encoder of the BERT family in a Hugging Face directory. */
export interface EncoderConfig {
  readonly kind: 'encoder';
  /** With `config.json`, `model.safetensors`, and `tokenizer.json` or the older files of a tokenizer. */
  readonly directory: string;
  /** Most tokens that it reads of a text, special ones included. Default 128. */
  readonly maxTokens?: number;
  /** Longest text that it reads, in UTF-16 code units. Default 16 a token. */
  readonly maxCharacters?: number;
  /** Default `mean`. */
  readonly pooling?: Pooling;
  /**
   * `fitted`, the default: a logistic head on the pooled features, fitted on the labelled rows. `checkpoint`: the
   * classification head of the checkpoint, for the labels that its config names; it reads the first token's vector.
   */
  readonly head?: 'fitted' | 'checkpoint';
  /** Absent or null: the encoder stays as it is, and a head is fitted on its features. */
  readonly fineTune?: FineTuneConfig | null;
}

/** The same with its defaults. */
export interface EncoderOptions {
  readonly kind: 'encoder';
  readonly directory: string;
  readonly maxTokens: number;
  readonly maxCharacters: number;
  readonly pooling: Pooling;
  readonly head: 'fitted' | 'checkpoint';
  readonly fineTune: Required<FineTuneConfig> | null;
}
