/** What a layer kind is to the ONNX writer: a function that adds its nodes to the graph. */
import type { Area, FlowKind, LayerSpec } from '../../../../format/index.ts';
import type { OnnxGraph } from '../graph.ts';
import type { OnnxPrecision, OnnxWeights } from '../weights.ts';

/** A value between two layers. */
export interface OnnxFlow {
  /**
   * Int64 tokens `[batch, sequence]`, F32 sequence `[batch, sequence, width]`, F32 vector `[batch, width]`, or F32 image
   * `[batch, channels, height, width]`: ONNX has the channels before the pixels.
   */
  readonly kind: FlowKind;
  /** Its name in the graph. */
  readonly value: string;
  /** Of an image. */
  readonly area?: Area;
}

/** What layers may read beside their input. */
export interface OnnxContext {
  readonly graph: OnnxGraph;
  readonly weights: OnnxWeights;
  readonly precision: OnnxPrecision;
  /** Name of the token ids, int64 `[batch, sequence]`; null of an image, and behind the layer that joins two texts. */
  readonly ids: string | null;
  /**
   * Name of a bool tensor `[batch, sequence]`, true where a text has a token; null where no text of a batch is padded.
   * A layer that lets positions meet keeps those out that are not the text's; the others may compute on them.
   */
  readonly mask: string | null;
  /** Writes a nested chain. */
  chain(context: OnnxContext, layers: readonly LayerSpec[], prefix: string, input: OnnxFlow): OnnxFlow;
}

/**
 * Writes one layer.
 *
 * @param name its name in the student file, e.g. `layers.2`
 * @param input what it reads
 * @returns what it writes
 */
export type OnnxLayer<Spec> = (context: OnnxContext, spec: Spec, name: string, input: OnnxFlow) => OnnxFlow;
