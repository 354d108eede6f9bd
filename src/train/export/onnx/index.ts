/**
 * From a student file to an ONNX file (opset 17) for ONNX Runtime and whatever else reads the format. It has the layers
 * of the student and not its tokenizer: it reads token ids, and gives logits.
 *
 * - `ids`, int64 `[batch, sequence]`: every text of a batch has the same number of tokens, at least one.
 * - `mask`, bool `[batch, sequence]`, where the export is for padded batches: true at the tokens of a text, which come
 *   first. Behind them stands any id of the student. A text without tokens has no true.
 * - `logits`, F32 `[batch, labels]`.
 *
 * In integers, ONNX Runtime quantizes activations to 8 bits with one scale for a whole batch, Retort to 7 bits with a
 * scale a position, so logits differ within the noise of quantization.
 */
import { InputError, type ParsedStudent, UnsupportedError } from '../../../format/index.ts';
import { PACKAGE_VERSION } from '../../package-version.ts';
import { encodeModel } from './encode.ts';
import { OnnxGraph } from './graph.ts';
import { writeChain } from './layers/index.ts';
import { IR_VERSION, OPSET_VERSION } from './schema.ts';
import { type OnnxPrecision, OnnxWeights } from './weights.ts';

/** How to export. */
export interface OnnxExportOptions {
  /**
   * `float`: every weight in F32. `int8` and `uint8`: tables and products in integers, with a scale a row; matrices that
   * are F32 or int4 in the student are quantized as `exportStudent` does.
   */
  readonly precision: OnnxPrecision;
  /** Adds the input `mask`, for batches of texts of different length. Default false. */
  readonly padded?: boolean;
}

/** An ONNX file. */
export interface OnnxExport {
  /** The same student gives the same bytes. */
  readonly bytes: Uint8Array;
  /** Names of the inputs, in order. */
  readonly inputs: readonly string[];
  readonly opset: number;
}

/**
 * @param file a student file that was read
 * @throws UnsupportedError with code `unsupported_input` where it reads pairs or images, `missing_peer` where protobufjs
 * is not installed
 */
export async function exportOnnx(
  { spec, tensors, sha256 }: ParsedStudent,
  { precision, padded = false }: OnnxExportOptions,
): Promise<OnnxExport> {
  if (spec.input !== undefined) {
    const message = `${spec.name}: expected a student that reads a text, got one that reads ${spec.input.kind === 'pair' ? 'pairs' : 'images'}; run it with retort-edge itself`;
    throw new UnsupportedError(message, { code: 'unsupported_input' });
  }
  const { task } = spec;
  if (task.kind !== 'classify') {
    const message = `student ${spec.name}: expected one that classifies, got one for the task ${task.kind}, which is not exported yet`;
    throw new InputError(message, { code: 'wrong_task' });
  }
  const { labels, multiLabel } = task;
  const graph = new OnnxGraph();
  const shape = ['batch', 'sequence'];
  const ids = graph.input('ids', 'int64', shape);
  const mask = padded ? graph.input('mask', 'bool', shape) : null;
  const context = { graph, weights: new OnnxWeights(tensors), precision, ids, mask, chain: writeChain };
  const { value } = writeChain(context, spec.layers, 'layers', { kind: 'tokens', value: ids });
  graph.output('logits', value, 'float32', ['batch', labels.length]);
  const metadata = {
    labels: JSON.stringify(labels),
    multiLabel: JSON.stringify(multiLabel),
    precision,
    studentSha256: sha256,
    spec: JSON.stringify(spec),
  };
  const bytes = await encodeModel({
    irVersion: IR_VERSION,
    producerName: 'retort-edge',
    producerVersion: PACKAGE_VERSION,
    docString: `${spec.name}, a ${spec.family} student of Retort`,
    graph: graph.finish(spec.name),
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return { bytes, inputs: padded ? ['ids', 'mask'] : ['ids'], opset: OPSET_VERSION };
}
