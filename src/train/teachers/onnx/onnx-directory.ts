/** What a Hugging Face directory says about the ONNX model in it: where it lies, what it gives, for which labels. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../../format/index.ts';
import { fileFault } from '../../file-fault.ts';
import type { ModelSpec } from '../teacher.ts';
import type { OnnxOptions } from './onnx-config.ts';

/** Where exporters put the model. */
const FILES: readonly string[] = ['model.onnx', 'onnx/model.onnx'];

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const CONFIG = v.looseObject({
  architectures: v.optional(v.nullable(v.array(v.string()))),
  id2label: v.optional(v.nullable(v.record(v.string(), v.string()))),
  /** DistilBERT calls it `dim`. */
  hidden_size: v.optional(count),
  dim: v.optional(count),
});

/** A model that may be loaded. */
export interface OnnxDirectory {
  readonly model: string;
  /** The model, and weights that lie beside it since they are too large for it; sorted. */
  readonly files: readonly string[];
  readonly output: 'logits' | 'features';
  /** Values of one output. */
  readonly size: number;
  /** Of a classifier: the position of each label of the task among the logits. */
  readonly order: readonly number[];
}

/** @throws InputError with code `invalid_model` */
export function invalidOnnx(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`${place}: ${message}`, { code: 'invalid_model', cause });
}

/** @throws InputError with code `invalid_model` where files are missing, or the labels are not the task's */
export async function readOnnxDirectory({ options, labels }: ModelSpec<OnnxOptions>): Promise<OnnxDirectory> {
  const { directory } = options;
  const path = join(directory, 'config.json');
  const config = await readConfig(path);
  const model = await findModel(options);
  const beside = await readdir(dirname(model));
  const files = beside.filter((name) => name.startsWith(basename(model))).sort();
  const output = options.output ?? outputOf(config, path);
  const order = output === 'logits' ? orderOf(config, path, options, labels) : [];
  const size = output === 'logits' ? labels.length : (config.hidden_size ?? config.dim);
  if (size === undefined) throw invalidOnnx(path, 'expected a hidden_size, got none');
  return { model, files: files.map((name) => join(dirname(model), name)), output, size, order };
}

type ModelConfig = v.InferOutput<typeof CONFIG>;

async function readConfig(path: string): Promise<ModelConfig> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw invalidOnnx(
      path,
      `expected the config of a Hugging Face model, got ${fileFault(cause)}; check the path`,
      cause,
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidOnnx(path, `expected JSON, got ${(cause as Error).message}`, cause);
  }
  const { success, output, issues } = v.safeParse(CONFIG, json);
  if (success) return output;
  const place = v.getDotPath(issues[0]) ?? 'top level';
  throw invalidOnnx(path, `expected ${issues[0].expected} in ${place}, got ${issues[0].received}`);
}

async function findModel({ directory, file }: OnnxOptions): Promise<string> {
  const names = file === null ? FILES : [file];
  for (const name of names) {
    const path = join(directory, name);
    if ((await stat(path).catch(() => null))?.isFile()) return path;
  }
  throw invalidOnnx(directory, `expected ${names.join(' or ')}, got neither; set file in the config`);
}

function outputOf({ architectures }: ModelConfig, path: string): 'logits' | 'features' {
  const [architecture] = architectures ?? [];
  if (architecture?.endsWith('ForSequenceClassification')) return 'logits';
  if (architecture === undefined || /Model$|ForMaskedLM$|ForPreTraining$/.test(architecture)) return 'features';
  const message = `expected a sequence classifier or an encoder in architectures, got ${architecture}; set output in the config`;
  throw invalidOnnx(path, message);
}

function orderOf(
  { id2label }: ModelConfig,
  path: string,
  options: OnnxOptions,
  labels: readonly string[],
): readonly number[] {
  const names = new Map(Object.entries(options.labels));
  const positions = new Map(Object.entries(id2label ?? {}).map(([id, name]) => [names.get(name) ?? name, Number(id)]));
  const isComplete = positions.size === labels.length && labels.every((label) => positions.has(label));
  const ids = [...positions.values()].sort((a, b) => a - b);
  if (isComplete && ids.every((id, i) => id === i)) return labels.map((label) => positions.get(label)!);
  const got = [...positions.keys()].join(', ') || 'none';
  const message = `expected the labels ${labels.join(', ')} in id2label, got ${got}; set labels in the config where they are called otherwise`;
  throw invalidOnnx(path, message);
}
