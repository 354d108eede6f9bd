/** Teacher: any TensorFlow.js graph model, with a module that turns texts into its inputs. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import { arithmeticOf } from '../../backend.ts';
import { fileFault } from '../../file-fault.ts';
import { resolveTrainingFile } from '../../training-packages.ts';
import type { ModelIdentity, ModelSpec, TeacherModel } from '../teacher.ts';
import type { TeacherKind } from '../teacher-kind.ts';
import type { GraphOptions } from './graph-config.ts';
import { type GraphFiles, invalidGraph, readGraphFiles } from './graph-files.ts';
import { checkBatches, importPreprocess, type Preprocess } from './graph-input.ts';

/** Changes whenever this code would change an output. */
const REVISION = 1;

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));
const path = v.pipe(v.string(), v.nonEmpty('Expected a file'));

const FIELDS = v.strictObject({
  kind: v.literal('graph'),
  model: path,
  preprocess: path,
  output: v.picklist(['features', 'logits']),
  size: v.optional(v.nullable(positive), null),
  outputName: v.optional(v.nullable(v.string()), null),
  batchSize: v.optional(positive, 16),
  version: v.optional(v.nullable(v.string()), null),
});

const SCHEMA = v.pipe(
  FIELDS,
  v.check(({ output, size }) => output === 'logits' || size !== null, 'Expected a size beside output features'),
);

/** The kind; its `load` runs on the current TensorFlow.js backend. */
export const graph: TeacherKind<GraphOptions> = {
  schema: SCHEMA,
  keys: Object.keys(FIELDS.entries),
  paths: ['model', 'preprocess'],
  incidental: ['batchSize'],
  tasks: ['classify', 'embed'],
  runsIn: 'threads',
  batchSize: ({ batchSize }) => batchSize,
  identify,
  load,
};

async function identify(spec: ModelSpec<GraphOptions>): Promise<ModelIdentity> {
  const { options, backend, labels } = spec;
  for (const name of ['tfjs-core', 'tfjs-converter']) resolveTrainingFile(`@tensorflow/${name}/package.json`);
  const files = await readGraphFiles(options.model);
  const { output, outputName, version } = options;
  const size = sizeOf(spec);
  const way = {
    output,
    outputName,
    size,
    version,
    backend: arithmeticOf(backend),
    labels: output === 'logits' ? labels : null,
  };
  const hash = createHash('sha256').update(JSON.stringify({ REVISION, ...way }));
  hashGraph(hash, files).update(await readModule(options.preprocess));
  const name = basename(dirname(options.model));
  return { id: `graph-${hash.digest('hex').slice(0, 32)}`, name, output, size, bytes: files.weights.byteLength };
}

/** Adds what a graph model computes to a hash. */
export function hashGraph(hash: ReturnType<typeof createHash>, files: GraphFiles): typeof hash {
  return hash.update(JSON.stringify(files.topology)).update(files.weights);
}

function sizeOf({ options, labels }: ModelSpec<GraphOptions>): number {
  const size = options.size ?? labels.length;
  if (options.output === 'features' || size === labels.length) return size;
  const message = `expected a logit for each of ${labels.length} labels, got a size of ${size}; leave size out`;
  throw invalidGraph(options.model, message);
}

function readModule(path: string): Promise<Buffer> {
  return readFile(path).catch((cause) => {
    throw invalidGraph(path, `expected a module, got ${fileFault(cause)}; check the path`, cause);
  });
}

async function load(spec: ModelSpec<GraphOptions>): Promise<TeacherModel> {
  const { model, preprocess: place, outputName } = spec.options;
  const preprocess = await importPreprocess(place);
  const checked: Preprocess = async (texts) => checkBatches(await preprocess(texts), texts.length, place);
  const files = await readGraphFiles(model);
  // TensorFlow.js comes with it.
  const { loadGraph } = await import('./graph-model.ts');
  return loadGraph({ files, preprocess: checked, output: outputName, size: sizeOf(spec), place: model });
}
