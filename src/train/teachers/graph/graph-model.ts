/** A loaded graph model: batches of plain data in, one vector a text out. */
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { TeacherModel } from '../teacher.ts';
import { type GraphFiles, invalidGraph } from './graph-files.ts';
import type { GraphBatch, InputTensor, Preprocess } from './graph-input.ts';

/** What is read of a model. */
export interface GraphReading {
  readonly files: GraphFiles;
  readonly preprocess: Preprocess;
  /** Name of the output; null where there is one alone. */
  readonly output: string | null;
  /** Values of one output. */
  readonly size: number;
  /** Of the model, for messages. */
  readonly place: string;
}

/** Loads a model on the current TensorFlow.js backend. @throws InputError with code `invalid_model` */
export async function loadGraph({ files, preprocess, output, size, place }: GraphReading): Promise<TeacherModel> {
  const model = await buildModel(files, place);
  const name = output ?? onlyOutput(model, place);
  return {
    async run(texts, { signal } = {}) {
      const outputs = new Array<Float32Array>(texts.length);
      for (const batch of await preprocess(texts)) {
        signal?.throwIfAborted();
        const rows = await runBatch(model, batch, name, size, place);
        for (const [i, text] of batch.texts.entries()) outputs[text] = rows[i];
      }
      return outputs;
    },
    dispose: () => model.dispose(),
  };
}

async function buildModel(files: GraphFiles, place: string): Promise<GraphModel> {
  // A copy: the buffer of a file may be part of a larger one.
  const weightData = new Uint8Array(files.weights).buffer;
  const artifacts = {
    modelTopology: files.topology,
    weightSpecs: files.weightSpecs as never,
    weightData,
    ...(files.signature === undefined ? {} : { signature: files.signature }),
  };
  try {
    return await loadGraphModel({ load: async () => artifacts });
  } catch (cause) {
    throw invalidGraph(place, `expected a model that TensorFlow.js can build, got ${(cause as Error).message}`, cause);
  }
}

function onlyOutput({ outputs }: GraphModel, place: string): string {
  if (outputs.length === 1) return outputs[0].name;
  const got = outputs.map(({ name }) => name).join(', ');
  throw invalidGraph(place, `expected one output, got ${got}; set outputName in the config`);
}

async function runBatch(
  model: GraphModel,
  { texts, inputs }: GraphBatch,
  output: string,
  size: number,
  place: string,
): Promise<readonly Float32Array[]> {
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]));
  let result: tf.Tensor | null = null;
  try {
    result = await execute(model, tensors, output, place);
    const { shape, dtype } = result;
    if (shape.length !== 2 || shape[0] < texts.length || shape[1] !== size || dtype !== 'float32') {
      const got = `${dtype} of [${shape.join(', ')}]`;
      throw invalidGraph(place, `expected ${size} values in float32 for each of ${texts.length} texts, got ${got}`);
    }
    const data = await result.data<'float32'>();
    return texts.map((_, i) => data.slice(i * size, (i + 1) * size));
  } finally {
    result?.dispose();
    tf.dispose(tensors);
  }
}

/**
 * `execute` refuses a graph with control flow or shapes that depend on values before it runs anything, and
 * `executeAsync` prints a line for every other graph.
 */
async function execute(
  model: GraphModel,
  tensors: tf.NamedTensorMap,
  output: string,
  place: string,
): Promise<tf.Tensor> {
  try {
    return model.execute(tensors, output) as tf.Tensor;
  } catch (refusal) {
    if (!/executeAsync/.test((refusal as Error).message)) throw refused(refusal as Error, place);
  }
  return (model.executeAsync(tensors, output) as Promise<tf.Tensor>).catch((cause: Error) => {
    throw refused(cause, place);
  });
}

function refused(cause: Error, place: string): Error {
  return invalidGraph(place, `expected inputs that the model can run, got ${cause.message}`, cause);
}

function toTensor({ dtype, shape, data }: InputTensor): tf.Tensor {
  const values = dtype === 'float32' ? Float32Array.from(data) : Int32Array.from(data);
  return tf.tensor(dtype === 'bool' ? Uint8Array.from(values) : values, [...shape], dtype);
}
