/** What students are compared on: texts, pairs of them, or images in files, whichever they read. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImageInput } from '../format/index.ts';
import { InputError, type PredictorInput } from '../runtime/index.ts';
import { fileFault } from '../train/index.ts';
import type { LoadedStudent } from './predictors.ts';

/** What students read. */
export type ReadKind = 'text' | 'pair' | 'image';

/** The options that name inputs. */
export interface InputOptions {
  readonly text?: readonly string[];
  /** The second texts of pairs, as many as there are texts. */
  readonly pair?: readonly string[];
  /** Paths of files that hold the bytes of an image. */
  readonly image?: readonly string[];
}

/** An input, and what a table calls it. */
export interface ComparedInput {
  readonly title: string;
  readonly input: PredictorInput;
}

/** Longest part of a text that a table shows. */
const TITLE_CHARACTERS = 24;

/** A text in a table. */
export function shortText(text: string): string {
  return text.length > TITLE_CHARACTERS ? `${text.slice(0, TITLE_CHARACTERS - 1)}…` : text;
}

/**
 * What all students read.
 *
 * @throws InputError that names the first one that reads something else
 */
export function commonInput(loaded: readonly LoadedStudent[]): ReadKind {
  const kindOf = ({ student }: LoadedStudent): ReadKind => student.info.spec.input?.kind ?? 'text';
  const kind = kindOf(loaded[0]);
  const other = loaded.find((one) => kindOf(one) !== kind);
  if (other === undefined) return kind;
  const message = `${other.path}: expected a student that reads ${kind}s, as ${loaded[0].path}, got one that reads ${kindOf(other)}s; name those that read the same`;
  throw new InputError(message);
}

/**
 * @param loaded students that read inputs of `kind`
 * @throws InputError where the options name none of that kind, or others, or a file cannot be read or has another size
 */
export async function comparedInputs(
  loaded: readonly LoadedStudent[],
  kind: ReadKind,
  options: InputOptions,
): Promise<readonly ComparedInput[]> {
  checkOptions(kind, options);
  const { text = [], pair = [], image = [] } = options;
  if (kind === 'image') return Promise.all(image.map((path) => readImage(path, loaded)));
  if (kind === 'text') return text.map((one) => ({ title: shortText(one), input: one }));
  if (pair.length !== text.length) {
    throw new InputError(`compare: expected --pair as often as --text, got ${pair.length} for ${text.length}`);
  }
  return text.map((one, i) => ({
    title: `${shortText(one)} / ${shortText(pair[i])}`,
    input: { text: one, pair: pair[i] },
  }));
}

const INPUT_NAMES = ['text', 'pair', 'image'] as const;
/** The options that name the inputs of a kind. */
const DUE: Readonly<Record<ReadKind, readonly (typeof INPUT_NAMES)[number][]>> = {
  text: ['text'],
  pair: ['text', 'pair'],
  image: ['image'],
};

function checkOptions(kind: ReadKind, options: InputOptions): void {
  const due = DUE[kind];
  for (const name of INPUT_NAMES) {
    const isDue = due.includes(name);
    if (isDue === (options[name] !== undefined)) continue;
    const expected = `${isDue ? '' : 'no '}--${name} for students that read ${kind}s`;
    const advice = `give ${due.map((one) => `--${one}`).join(' and ')} alone`;
    throw new InputError(`compare: expected ${expected}, got ${isDue ? 'none' : 'some'}; ${advice}`);
  }
}

async function readImage(path: string, loaded: readonly LoadedStudent[]): Promise<ComparedInput> {
  const bytes = await readFile(path).catch((cause) => {
    throw new InputError(`${path}: expected a readable file, got ${fileFault(cause)}; check the path`, { cause });
  });
  for (const { path: reader, student } of loaded) {
    const { height, width, channels } = student.info.spec.input as ImageInput;
    if (bytes.length === height * width * channels) continue;
    const expected = `${height * width * channels} bytes (${height} x ${width} pixels, ${channels} each) for ${reader}`;
    throw new InputError(`${path}: expected ${expected}, got ${bytes.length}; give the bare pixels in that size`);
  }
  return { title: basename(path), input: new Uint8Array(bytes) };
}
