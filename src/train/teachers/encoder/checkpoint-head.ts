/**
 * The classification head that a checkpoint brings along (`...ForSequenceClassification`): two layers on the first
 * token's vector. It is small next to the encoder, so it runs in plain TypeScript, the same on every backend.
 */
import { join } from 'node:path';
import type { ModelSpec } from '../teacher.ts';
import type { EncoderOptions } from './encoder-config.ts';
import type { Architecture, EncoderSpec } from './encoder-spec.ts';
import { invalidModel } from './invalid-model.ts';
import { WeightFile } from './weight-file.ts';

interface HeadNames {
  readonly dense: string;
  readonly activation: (x: number) => number;
  readonly output: string;
}

const relu = (x: number): number => Math.max(0, x);

const HEADS: Readonly<Record<Architecture, HeadNames>> = {
  bert: { dense: 'bert.pooler.dense', activation: Math.tanh, output: 'classifier' },
  roberta: { dense: 'classifier.dense', activation: Math.tanh, output: 'classifier.out_proj' },
  distilbert: { dense: 'pre_classifier', activation: relu, output: 'classifier' },
};

/** First token's vector `[hiddenSize]` to logits, in the order of the task's labels. */
export type CheckpointHead = (features: Float32Array) => Float32Array;

/**
 * Looks whether a checkpoint has a head for exactly the labels of the data.
 *
 * @throws InputError with code `invalid_model` that tells the labels of both, or names the tensor that is missing
 */
export function checkHead(file: WeightFile, { architecture, hiddenSize, labels }: EncoderSpec, spec: HeadTask): void {
  const inData = new Set(spec.labels);
  if (labels.length !== inData.size || !labels.every((label) => inData.has(label))) {
    const message = `expected the labels of the data, ${listed(spec.labels)}, got ${listed(labels)}`;
    throw invalidModel(
      join(spec.options.directory, 'config.json: id2label'),
      `${message}; rename either, or fit a head: head: 'fitted'`,
    );
  }
  const { dense, output } = HEADS[architecture];
  for (const [name, rows] of [
    [dense, hiddenSize],
    [output, labels.length],
  ] as const) {
    file.check(`${name}.weight`, [rows, hiddenSize]);
    file.check(`${name}.bias`, [rows]);
  }
}

type HeadTask = Pick<ModelSpec<EncoderOptions>, 'labels' | 'options'>;

function listed(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).join(', ');
  return labels.length === 0 ? 'none' : labels.length > 8 ? `${shown} and ${labels.length - 8} more` : shown;
}

/** Reads the head. @throws as {@link checkHead} */
export async function readHead(spec: EncoderSpec, task: HeadTask): Promise<CheckpointHead> {
  const file = await WeightFile.open(join(task.options.directory, 'model.safetensors'));
  try {
    checkHead(file, spec, task);
    const { hiddenSize, labels } = spec;
    const { dense, activation, output } = HEADS[spec.architecture];
    const read = async (name: string, rows: number): Promise<Layer> => ({
      weight: await file.read(`${name}.weight`, [rows, hiddenSize]),
      bias: await file.read(`${name}.bias`, [rows]),
    });
    const [hidden, last] = [await read(dense, hiddenSize), await read(output, labels.length)];
    const order = task.labels.map((label) => labels.indexOf(label));
    return (features) => {
      const logits = apply(last, apply(hidden, features).map(activation));
      return Float32Array.from(order, (at) => logits[at]);
    };
  } finally {
    await file.close();
  }
}

interface Layer {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

function apply({ weight, bias }: Layer, x: ArrayLike<number>): Float64Array {
  return Float64Array.from(bias, (start, row) => {
    let sum = start;
    for (let c = 0; c < x.length; c++) sum += weight[row * x.length + c] * x[c];
    return sum;
  });
}
