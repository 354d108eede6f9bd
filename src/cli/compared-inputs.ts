/** What students are compared on: texts, pairs of them, or images in files, whichever they read. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
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

/** @throws InputError where the options name none of the kind, or others, or a file cannot be read */
export async function comparedInputs(kind: ReadKind, options: InputOptions): Promise<readonly ComparedInput[]> {
  const { text = [], pair = [], image = [] } = options;
  const due = { text: ['text'], pair: ['text', 'pair'], image: ['image'] }[kind];
  for (const name of ['text', 'pair', 'image'] as const) {
    const isDue = due.includes(name);
    if (isDue === (options[name] !== undefined)) continue;
    const got = isDue ? 'none' : 'some';
    throw new InputError(
      `compare: expected ${isDue ? '' : 'no '}--${name} for students that read ${kind}s, got ${got}`,
    );
  }
  if (kind === 'image') return Promise.all(image.map(readImage));
  if (kind === 'text') return text.map((one) => ({ title: shortText(one), input: one }));
  if (pair.length !== text.length) {
    throw new InputError(`compare: expected --pair as often as --text, got ${pair.length} for ${text.length}`);
  }
  return text.map((one, i) => ({
    title: `${shortText(one)} / ${shortText(pair[i])}`,
    input: { text: one, pair: pair[i] },
  }));
}

async function readImage(path: string): Promise<ComparedInput> {
  const bytes = await readFile(path).catch((cause) => {
    throw new InputError(`${path}: expected a readable file, got ${fileFault(cause)}; check the path`, { cause });
  });
  return { title: basename(path), input: new Uint8Array(bytes) };
}
