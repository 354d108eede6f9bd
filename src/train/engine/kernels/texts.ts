/** What kernels over the tokens of texts take beside tensors. */

/** Token ids of texts side by side, `[batch, length]`; a text ends at its first negative id. */
export interface TextsAttributes {
  readonly batch: number;
  readonly length: number;
  readonly ids: Int32Array;
}
