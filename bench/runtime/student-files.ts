/** A student in every format, in a folder that measuring processes read. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudentName } from './case.ts';
import type { StudentFiles } from './contestants/contestant.ts';

const EXTENSIONS: { readonly [Format in keyof StudentFiles]: string } = {
  student: 'safetensors',
  float: 'float.safetensors',
  onnxFloat: 'float.onnx',
  onnxInt8: 'int8.onnx',
  onnxUint8: 'uint8.onnx',
  fastText: 'bin',
};

/** Where a student lies in a format. */
export function studentFile(folder: string, name: StudentName, format: keyof StudentFiles): string {
  return join(folder, `${name}.${EXTENSIONS[format]}`);
}

/** Reads what `writeFiles` left. */
export async function readFiles(folder: string, name: StudentName): Promise<StudentFiles> {
  const read = (format: keyof StudentFiles) => readFile(studentFile(folder, name, format));
  return {
    student: await read('student'),
    float: await read('float'),
    onnxFloat: await read('onnxFloat'),
    onnxInt8: await read('onnxInt8'),
    onnxUint8: await read('onnxUint8'),
    fastText: name === 'static-words' ? await read('fastText') : null,
  };
}
