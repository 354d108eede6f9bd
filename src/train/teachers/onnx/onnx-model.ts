/**
 * A loaded ONNX model. It reads one text at a time, as long as it is: nothing is padded, and no neighbor changes a bit
 * of an answer. On a CPU that costs little, since the tokens of one text keep the products busy.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { UnsupportedError } from '../../../format/index.ts';
import { createTokenizer } from '../../../runtime/index.ts';
import { readTokenizer } from '../../tokenizers/tokenizer-json.ts';
import type { ModelSpec, TeacherModel } from '../teacher.ts';
import type { OnnxOptions } from './onnx-config.ts';
import { invalidOnnx, type OnnxDirectory, readOnnxDirectory } from './onnx-directory.ts';

/** What each input of a model is filled with, by the id of a token and its place. */
const INPUTS: ReadonlyMap<string, (id: number, place: number) => number> = new Map([
  ['input_ids', (id: number) => id],
  ['attention_mask', () => 1],
  ['token_type_ids', () => 0],
  ['position_ids', (_: number, place: number) => place],
]);

/** @throws UnsupportedError or InputError with code `invalid_model` where the model is none that reads tokens */
export async function loadOnnx(spec: ModelSpec<OnnxOptions>): Promise<TeacherModel> {
  const { options } = spec;
  const directory = await readOnnxDirectory(spec);
  const file = await readTokenizer(options.directory);
  const tokenizer = createTokenizer(file.spec, options, file.tensors);
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(directory.model, {
    executionProviders: [options.device],
    // The threads of a run are whole models.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  }).catch((cause: Error) => {
    throw invalidOnnx(
      directory.model,
      `expected an ONNX model that runs on ${options.device}, got ${cause.message}`,
      cause,
    );
  });
  const inputs = inputsOf(session, directory.model);
  const output = outputOf(session, directory);

  async function answer(text: string): Promise<Float32Array> {
    const { count } = tokenizer.encode(text);
    const ids = count === 0 ? [file.spec.unknownId] : [...tokenizer.ids.subarray(0, count)];
    const feeds = inputs.map(({ name, type, fill }) => {
      const values = ids.map(fill);
      const data = type === 'int64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values);
      return [name, new Tensor(type, data as never, [1, ids.length])] as const;
    });
    const results = await session.run(Object.fromEntries(feeds), [output]);
    return read(results[output], directory, options);
  }

  return {
    async run(texts, { signal } = {}) {
      const outputs: Float32Array[] = [];
      for (const text of texts) {
        signal?.throwIfAborted();
        outputs.push(await answer(text));
      }
      return outputs;
    },
    dispose: () => session.release(),
  };
}

interface ModelInput {
  readonly name: string;
  readonly type: 'int64' | 'int32';
  readonly fill: (id: number, place: number) => number;
}

function inputsOf({ inputNames, inputMetadata }: InferenceSession, model: string): readonly ModelInput[] {
  return inputNames.map((name, i) => {
    const fill = INPUTS.get(name);
    const metadata = inputMetadata[i];
    const type = metadata.isTensor ? metadata.type : 'no tensor';
    if (fill !== undefined && (type === 'int64' || type === 'int32')) return { name, type, fill };
    const known = [...INPUTS.keys()].join(', ');
    throw new UnsupportedError(`${model}: expected inputs of ${known} in int64 or int32, got ${name} in ${type}`);
  });
}

/** Names that exporters give to what is wanted, the best first; any other model has to have one output. */
const OUTPUTS = {
  logits: ['logits'],
  features: ['last_hidden_state', 'token_embeddings', 'sentence_embedding'],
} as const;

function outputOf({ outputNames }: InferenceSession, { model, output }: OnnxDirectory): string {
  const name = OUTPUTS[output].find((one) => outputNames.includes(one));
  if (name !== undefined) return name;
  if (outputNames.length === 1) return outputNames[0];
  const got = outputNames.join(', ');
  throw invalidOnnx(model, `expected an output called ${OUTPUTS[output].join(' or ')}, got ${got}`);
}

/** One text's output: logits in the order of the task's labels, or features of all tokens as one. */
function read(result: Tensor, { model, output, size, order }: OnnxDirectory, { pooling }: OnnxOptions): Float32Array {
  const { dims } = result;
  const width = dims[dims.length - 1];
  const isOne = dims.length === 2 || (output === 'features' && dims.length === 3);
  if (!(result.data instanceof Float32Array) || !isOne || dims[0] !== 1 || width !== size) {
    const expected = output === 'logits' ? `${size} logits` : `features of ${size} values`;
    throw invalidOnnx(model, `expected ${expected} in float32, got ${result.type} of [${dims.join(', ')}]`);
  }
  const { data } = result;
  if (output === 'logits') return Float32Array.from(order, (position) => data[position]);
  if (dims.length === 2 || pooling === 'cls') return data.slice(0, size);
  return meanOfRows(data, dims[1], size);
}

function meanOfRows(data: Float32Array, rows: number, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) sums[i] += data[row * width + i];
  return Float32Array.from(sums, (sum) => sum / rows);
}
