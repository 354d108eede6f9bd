/** A graph model as a config asks for it. */

/** Any TensorFlow.js graph model. */
export interface GraphConfig {
  readonly kind: 'graph';
  /** `model.json` of a graph model, its weights beside it; relative to the config file. */
  readonly model: string;
  /** An ES module that exports `preprocess`, a `Preprocess`; relative to the config file. */
  readonly preprocess: string;
  /** Pooled features, on which a head is fitted, or logits in the order of the task's labels. */
  readonly output: 'features' | 'logits';
  /** Values of one output. Default: one a label, of logits. */
  readonly size?: number | null;
  /** Name of the output, where a model has several. */
  readonly outputName?: string | null;
  /** Texts that `preprocess` gets at once. Default 16. */
  readonly batchSize?: number;
  /** Part of what outputs are cached under: change it when what `preprocess` imports or reads has changed. */
  readonly version?: string | null;
}

/** The same with its defaults. */
export type GraphOptions = Required<GraphConfig>;
