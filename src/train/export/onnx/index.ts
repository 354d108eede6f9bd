/**
 * From a student file to an ONNX file (opset 17) for ONNX Runtime and whatever else reads the format. It has the layers
 * of the student and not its tokenizer. A student of texts reads token ids:
 *
 * - `ids`, int64 `[batch, sequence]`: every text of a batch has the same number of tokens, at least one.
 * - `mask`, bool `[batch, sequence]`, where the export is for padded batches: true at the tokens of a text, which come
 *   first. Behind them stands any id of the student. A text without tokens has no true.
 * - `pairIds` and `pairMask`, where it reads pairs: the same of the second texts, which may be longer or shorter.
 *
 * One of images reads `pixels`, uint8 `[batch, height, width, channels]`. What comes out is
 *
 * - `logits`, F32 `[batch, labels]`, or to tag `[batch, sequence, labels]`, of which a word has the row of its first token;
 * - `embedding`, F32 `[batch, width]`, to embed: vectors of length 1.
 *
 * In integers, ONNX Runtime quantizes activations to 8 bits with one scale for a whole batch, Retort to 7 bits with a
 * scale a position or a patch, so logits differ within the noise of quantization.
 */
import { InputError, type ParsedStudent, taskLabels } from '../../../format/index.ts';
import { PACKAGE_VERSION } from '../../package-version.ts';
import { encodeModel } from './encode.ts';
import { OnnxGraph } from './graph.ts';
import { IR_VERSION, OPSET_VERSION } from './schema.ts';
import { writeStudent } from './student.ts';
import { type OnnxPrecision, OnnxWeights } from './weights.ts';

/** How to export. */
export interface OnnxExportOptions {
  /**
   * `float`: every weight in F32. `int8` and `uint8`: tables and products in integers, with a scale a row; matrices that
   * are F32 or int4 in the student are quantized as `exportStudent` does.
   */
  readonly precision: OnnxPrecision;
  /** Adds a mask of every text, for batches of texts of different length. Default false. */
  readonly padded?: boolean;
}

/** An ONNX file. */
export interface OnnxExport {
  /** The same student gives the same bytes. */
  readonly bytes: Uint8Array;
  /** Names of the inputs, in order. */
  readonly inputs: readonly string[];
  /** Names of the outputs: one. */
  readonly outputs: readonly string[];
  readonly opset: number;
}

/**
 * @param file a student file that was read
 * @throws InputError where images are to be padded, UnsupportedError with code `missing_peer` where protobufjs is not
 * installed
 */
export async function exportOnnx(
  { spec, tensors, sha256 }: ParsedStudent,
  { precision, padded = false }: OnnxExportOptions,
): Promise<OnnxExport> {
  if (padded && spec.input?.kind === 'image') {
    const message = `${spec.name}: expected no padding, since it reads images, which are all of one size; leave it out`;
    throw new InputError(message);
  }
  const { task } = spec;
  const graph = new OnnxGraph();
  writeStudent({ graph, weights: new OnnxWeights(tensors), precision }, spec, padded);
  const metadata = {
    labels: JSON.stringify(taskLabels(task)),
    multiLabel: JSON.stringify(task.kind === 'classify' && task.multiLabel),
    precision,
    studentSha256: sha256,
    spec: JSON.stringify(spec),
  };
  const proto = graph.finish(spec.name);
  const bytes = await encodeModel({
    irVersion: IR_VERSION,
    producerName: 'retort-edge',
    producerVersion: PACKAGE_VERSION,
    docString: `${spec.name}, a ${spec.family} student of Retort`,
    graph: proto,
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const namesOf = (values: readonly { readonly name: string }[]): readonly string[] => values.map(({ name }) => name);
  return { bytes, inputs: namesOf(proto.input), outputs: namesOf(proto.output), opset: OPSET_VERSION };
}
