/** What teachers and students read of a row: a text, two of them, or an image. */
import type { ImageInput } from '../format/index.ts';
import { isPixels, type PredictorInput } from '../runtime/index.ts';
import type { Dataset, Row } from './data/dataset.ts';

/** Which fields of a row hold what a student reads. */
export type StudentFields = Pick<Dataset, 'studentField' | 'pairField' | 'image'>;

/** What the student reads of a row. */
export function inputOf({ studentField, pairField, image }: StudentFields, { fields }: Row): PredictorInput {
  const text = fields[studentField];
  if (image !== undefined) return pixelsOf(text);
  return pairField === undefined ? text : { text, pair: fields[pairField] };
}

/** What an input is made of. */
export type InputKind = 'text' | 'pair' | 'image';

/** What the rows of a dataset are. */
export function inputKindOf({ pairField, image }: Pick<Dataset, 'pairField' | 'image'>): InputKind {
  return image !== undefined ? 'image' : pairField !== undefined ? 'pair' : 'text';
}

/** What the teacher reads of the rows of a dataset: the image that a student reads, or a text in its place. */
export function teacherInputKindOf(dataset: Pick<Dataset, 'teacherField' | keyof StudentFields>): InputKind {
  const kind = inputKindOf(dataset);
  return kind === 'image' && dataset.teacherField !== dataset.studentField ? 'text' : kind;
}

/** What the teacher reads of a row. */
export function teacherInputOf(dataset: Dataset, { fields }: Row): PredictorInput {
  const kind = teacherInputKindOf(dataset);
  const text = fields[dataset.teacherField];
  if (kind === 'image') return pixelsOf(text);
  return kind === 'pair' ? { text, pair: fields[dataset.pairField!] } : text;
}

/** What an input is. */
export function kindOfInput(input: PredictorInput): InputKind {
  return typeof input === 'string' ? 'text' : isPixels(input) ? 'image' : 'pair';
}

/** What models are asked about an input: its texts one by one, or its pixels in base64. */
export function textsOfInput(input: PredictorInput): readonly string[] {
  if (typeof input === 'string') return [input];
  if (isPixels(input)) return [Buffer.from(input).toString('base64')];
  return [input.text, input.pair];
}

/** The pixels of an image as a row holds them: base64 of one byte a channel, row by row. */
export function pixelsOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** Bytes of an image. */
export function imageBytes({ height, width, channels }: Omit<ImageInput, 'kind'>): number {
  return height * width * channels;
}

/** An input in a line, for people. */
export function describeInput(input: PredictorInput): string {
  if (isPixels(input)) return `an image of ${input.length} bytes`;
  return textsOfInput(input).join(' / ');
}
