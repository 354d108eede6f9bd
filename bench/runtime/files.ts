/** Makes the students of the benchmark in every format. */
import { writeFile } from 'node:fs/promises';
import { encodeStudent, type ParsedStudent, parseStudent, taskLabels } from '../../src/format/index.ts';
import { readStudent } from '../../src/runtime/index.ts';
import { exportOnnx } from '../../src/train/export/onnx/index.ts';
import { dequantized } from '../../test/support/float-tensors.ts';
import { chainBench, convBench, staticBench, transformerBench, wordsBench } from '../students.ts';
import { LENGTHS, type StudentName, WORDS } from './case.ts';
import type { StudentFiles } from './contestants/contestant.ts';
import { FASTTEXT_LABELS } from './contestants/fasttext-wasm.ts';
import { fastTextModel } from './fasttext-model.ts';
import { studentFile } from './student-files.ts';

const LONGEST = Math.max(...LENGTHS);
const WORD_BUCKETS = 32_768;
const PIECES = 4000;

const MAKERS: { readonly [Name in StudentName]: () => Promise<Uint8Array> } = {
  least: () => staticBench(16, 1, 1),
  static: () => staticBench(32_768, 24, LONGEST),
  'static-words': () => wordsBench(WORD_BUCKETS, 24, LONGEST),
  conv: () => convBench(PIECES, LONGEST),
  'chain-8x256': () => chainBench(PIECES, LONGEST, { layers: 8, hiddenSize: 256 }),
  'transformer-2x128': () => transformerBench(PIECES, LONGEST, { layers: 2, hiddenSize: 128 }),
  'transformer-4x256': () => transformerBench(PIECES, LONGEST, { layers: 4, hiddenSize: 256 }),
};

/** Writes a student in every format. */
export async function writeFiles(folder: string, name: StudentName): Promise<StudentFiles> {
  const student = await MAKERS[name]();
  const parsed = parseStudent(student);
  const onnx = async (precision: 'float' | 'int8' | 'uint8') => (await exportOnnx(parsed, { precision })).bytes;
  const float = await encodeStudent({ ...parsed, tensors: dequantized(parsed.tensors) });
  const files: StudentFiles = {
    student,
    float,
    onnxFloat: await onnx('float'),
    onnxInt8: await onnx('int8'),
    onnxUint8: await onnx('uint8'),
    fastText: name === 'static-words' ? fastTextOf(student, parseStudent(float)) : null,
  };
  for (const [format, bytes] of Object.entries(files)) {
    if (bytes !== null) await writeFile(studentFile(folder, name, format as keyof StudentFiles), bytes);
  }
  return files;
}

/** The same student for fastText: of its table, the rows that the words of the benchmark read. */
function fastTextOf(student: Uint8Array, { tensors, spec }: ParsedStudent): Uint8Array {
  const table = tensors.get('layers.0.weight')!.data as Float32Array;
  const width = table.length / WORD_BUCKETS;
  const rows = new Float32Array(WORDS.length * width);
  const reader = readStudent(student);
  for (const [i, word] of WORDS.entries()) {
    const [id] = reader.tokenize(word).ids;
    rows.set(table.subarray(id * width, (id + 1) * width), i * width);
  }
  const weights = tensors.get('layers.2.weight')!.data as Float32Array;
  const labels = FASTTEXT_LABELS.slice(0, taskLabels(spec.task).length);
  return fastTextModel({ words: WORDS, labels, width, table: rows, weights });
}
