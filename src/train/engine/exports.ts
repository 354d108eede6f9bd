/**
 * What the assembly exports. Every argument is an address, a count, or, where its name says stride, step or bytes, a
 * number of bytes; the sources below `assembly/` are the contract.
 */
export interface EngineExports {
  activate(y: number, x: number, count: number, code: number): void;
  activateGradient(dx: number, x: number, dy: number, count: number, code: number): void;
  attention(
    out: number,
    probabilities: number,
    qkv: number,
    offsets: number,
    sequences: number,
    heads: number,
    size: number,
    dropRate: number,
    seed: number,
    scratch: number,
  ): void;
  attentionGradient(
    dqkv: number,
    qkv: number,
    probabilities: number,
    dy: number,
    offsets: number,
    sequences: number,
    heads: number,
    size: number,
    dropRate: number,
    seed: number,
    scratch: number,
  ): void;
  attentionScratchBytes(longest: number): number;
  copyRows(to: number, toStride: number, from: number, fromStride: number, rows: number, count: number): void;
  depthwiseConv(
    y: number,
    x: number,
    weight: number,
    bias: number,
    ids: number,
    batch: number,
    length: number,
    channels: number,
    taps: number,
    scratch: number,
  ): void;
  depthwiseConvGradient(
    dx: number,
    dWeight: number,
    dBias: number,
    x: number,
    weight: number,
    dy: number,
    ids: number,
    batch: number,
    length: number,
    channels: number,
    taps: number,
    scratch: number,
  ): void;
  gatherRows(out: number, table: number, ids: number, count: number, width: number): void;
  layerNorm(
    y: number,
    normalized: number,
    inverses: number,
    x: number,
    weight: number,
    bias: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  layerNormGradient(
    dx: number,
    dWeight: number,
    dBias: number,
    normalized: number,
    inverses: number,
    weight: number,
    dy: number,
    rows: number,
    width: number,
  ): void;
  permute(
    to: number,
    from: number,
    plan: number,
    axes: number,
    toStride: number,
    fromStride: number,
    rows: number,
    columns: number,
  ): void;
  productScratchBytes(): number;
  products(
    c: number,
    a: number,
    b: number,
    batch: number,
    cStep: number,
    aStep: number,
    bStep: number,
    m: number,
    n: number,
    k: number,
    transposeA: boolean,
    transposeB: boolean,
    bias: number,
    scratch: number,
  ): void;
  scatterRows(table: number, tableRows: number, rows: number, ids: number, count: number, width: number): void;
  sequenceMax(
    values: number,
    positions: number,
    x: number,
    ids: number,
    batch: number,
    length: number,
    width: number,
  ): void;
  sequenceMaxGradient(dx: number, positions: number, dy: number, batch: number, rows: number, width: number): void;
  weightedMean(
    means: number,
    sums: number,
    rows: number,
    weights: number,
    ids: number,
    batch: number,
    length: number,
    width: number,
    byId: boolean,
  ): void;
  weightedMeanGradient(
    dRows: number,
    dWeights: number,
    rows: number,
    weights: number,
    means: number,
    sums: number,
    dy: number,
    ids: number,
    batch: number,
    length: number,
    width: number,
    byId: boolean,
    rowCount: number,
    weightCount: number,
  ): void;
}
