/** Reads a TensorFlow.js graph model from disk: `model.json` and the weight files that it names. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../../format/index.ts';
import { fileFault } from '../../file-fault.ts';

/** A graph model as `loadGraphModel` takes it. */
export interface GraphFiles {
  readonly topology: object;
  readonly weightSpecs: readonly unknown[];
  readonly weights: Uint8Array;
  /** Names and shapes of inputs and outputs; older models have none. */
  readonly signature: object | undefined;
}

const MODEL = v.looseObject({
  format: v.optional(v.nullable(v.string())),
  modelTopology: v.looseObject({ node: v.array(v.unknown()) }),
  weightsManifest: v.array(v.looseObject({ paths: v.array(v.string()), weights: v.array(v.unknown()) })),
  signature: v.optional(v.looseObject({})),
});

/** @throws InputError with code `invalid_model` */
export function invalidGraph(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`${place}: ${message}`, { code: 'invalid_model', cause });
}

/**
 * @param path of `model.json`
 * @throws InputError with code `invalid_model` where it is no graph model, or weights are missing
 */
export async function readGraphFiles(path: string): Promise<GraphFiles> {
  const model = parseModel((await readBytes(path)).toString('utf8'), path);
  const paths = model.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((file) => readBytes(join(dirname(path), file))));
  return {
    topology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap(({ weights }) => weights),
    weights: Buffer.concat(shards),
    signature: model.signature,
  };
}

function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((cause) => {
    throw invalidGraph(
      path,
      `expected a file of a TensorFlow.js model, got ${fileFault(cause)}; check the path`,
      cause,
    );
  });
}

function parseModel(text: string, path: string): v.InferOutput<typeof MODEL> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidGraph(path, `expected JSON, got ${(cause as Error).message}`, cause);
  }
  const format = (json as { readonly format?: unknown } | null)?.format;
  if (format === 'layers-model') {
    const message =
      'expected a graph model, got a layers model; convert it with tensorflowjs_converter --output_format tfjs_graph_model';
    throw invalidGraph(path, message);
  }
  const { success, output, issues } = v.safeParse(MODEL, json);
  if (success) return output;
  const place = v.getDotPath(issues[0]) ?? 'top level';
  throw invalidGraph(path, `expected a graph model with ${issues[0].expected} in ${place}, got ${issues[0].received}`);
}
