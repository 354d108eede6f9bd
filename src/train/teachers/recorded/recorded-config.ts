/** Recorded answers as a config asks for them. */

/** A file of what another program said of the texts. */
export interface RecordedConfig {
  readonly kind: 'recorded';
  /**
   * A `.jsonl` file: `{"text": ..., "probabilities": ...}` or `{"text": ..., "logits": ...}`, by label or as a list,
   * relative to the config file.
   */
  readonly path: string;
  /** Key of the text. Default `text`. */
  readonly textKey?: string;
  /** Order of the labels where answers are lists. Default: the order of the task, which is alphabetical for files. */
  readonly labels?: readonly string[];
}

/** The same with its defaults. */
export type RecordedOptions = Required<Omit<RecordedConfig, 'labels'>> & { readonly labels: readonly string[] | null };
