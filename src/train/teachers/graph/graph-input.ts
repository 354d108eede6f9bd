/**
 * How texts become the inputs of a graph model: plain data, so that whoever writes it needs no TensorFlow.js. A module
 * of a user's own exports `preprocess`, which is a {@link Preprocess}.
 */
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { invalidGraph } from './graph-files.ts';

/** One input tensor. */
export interface InputTensor {
  readonly dtype: 'int32' | 'float32' | 'bool';
  readonly shape: readonly number[];
  /** As many values as the shape has, row-major. */
  readonly data: ArrayLike<number>;
}

/** Some texts, ready for one pass. Row `i` of the output is that of text `texts[i]`; rows behind them are not read. */
export interface GraphBatch {
  /** Positions among the texts that were handed over. */
  readonly texts: readonly number[];
  /** By the name of the input. */
  readonly inputs: Readonly<Record<string, InputTensor>>;
}

/**
 * Cuts texts into batches. A text's output must not depend on its neighbors: texts of one batch are padded to a length
 * that does not depend on the others, a multiple of 32 for instance.
 */
export type Preprocess = (texts: readonly string[]) => readonly GraphBatch[] | Promise<readonly GraphBatch[]>;

/** @throws InputError with code `invalid_model` where the module cannot be loaded, or exports no such function */
export async function importPreprocess(path: string): Promise<Preprocess> {
  const module = await import(pathToFileURL(path).href).catch((cause: Error) => {
    throw invalidGraph(path, `expected an ES module, got ${cause.message}`, cause);
  });
  if (typeof module.preprocess === 'function') return module.preprocess;
  const got = Object.keys(module).join(', ') || 'nothing';
  throw invalidGraph(path, `expected a module that exports the function preprocess, got ${got}`);
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const numbers = v.custom<ArrayLike<number>>(
  (data) => Array.isArray(data) || ArrayBuffer.isView(data),
  'a list of numbers',
);
const BATCHES = v.array(
  v.object({
    texts: v.array(count),
    inputs: v.record(
      v.string(),
      v.object({ dtype: v.picklist(['int32', 'float32', 'bool']), shape: v.array(count), data: numbers }),
    ),
  }),
);

/**
 * What a module of someone else made of some texts, looked at before it goes any further.
 *
 * @param place of the module, for messages
 * @throws InputError with code `invalid_model`
 */
export function checkBatches(made: unknown, textCount: number, place: string): readonly GraphBatch[] {
  const { success, output: batches, issues } = v.safeParse(BATCHES, made);
  if (!success) {
    const where = v.getDotPath(issues[0]) ?? 'what it returns';
    throw invalidGraph(
      place,
      `expected ${issues[0].expected ?? issues[0].message} in ${where}, got ${issues[0].received}`,
    );
  }
  const positions = batches.flatMap(({ texts }) => texts).sort((a, b) => a - b);
  if (positions.length !== textCount || positions.some((position, i) => position !== i)) {
    throw invalidGraph(
      place,
      `expected each of ${textCount} texts in one batch, got the texts ${positions.join(', ')}`,
    );
  }
  for (const [name, { shape, data }] of batches.flatMap(({ inputs }) => Object.entries(inputs))) {
    const size = shape.reduce((a, b) => a * b, 1);
    if (data.length === size) continue;
    throw invalidGraph(place, `expected ${size} values for ${name} of [${shape.join(', ')}], got ${data.length}`);
  }
  return batches;
}
