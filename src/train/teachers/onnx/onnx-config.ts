/** An ONNX model as a config asks for it. */

/** A Hugging Face directory with an ONNX model. */
export interface OnnxConfig {
  readonly kind: 'onnx';
  /** With `config.json`, `tokenizer.json` and the model, relative to the config file. */
  readonly directory: string;
  /** The model in it. Default: `model.onnx`, or else `onnx/model.onnx`. */
  readonly file?: string | null;
  /**
   * `logits` of a sequence classifier, or pooled `features`, on which a head is fitted. Default: what `architectures` in
   * `config.json` says.
   */
  readonly output?: 'logits' | 'features' | null;
  /** Of features: the mean over all tokens, or the first token. Default `mean`. */
  readonly pooling?: 'mean' | 'cls';
  /** The task's label by the model's, e.g. `{ NEGATIVE: 'bad' }`. Default: they are called the same. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Most tokens that it reads of a text, special ones included. Default 128. */
  readonly maxTokens?: number;
  /** Longest text that it reads, in UTF-16 code units. Default 16 a token. */
  readonly maxCharacters?: number;
  /** Default `cpu`. */
  readonly device?: 'cpu' | 'cuda';
}

/** The same with its defaults. */
export type OnnxOptions = Required<OnnxConfig>;
