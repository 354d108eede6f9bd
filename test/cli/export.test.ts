import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStudent } from '../../src/format/index.ts';
import { readStudent } from '../../src/runtime/index.ts';
import { loadOnnxModel } from '../support/onnx.ts';
import { retort } from '../support/retort.ts';
import { convStudent, embedStudent, imageStudent, pairStudent, studentBytes, tagStudent } from '../support/students.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectClose } from '../support/tensors.ts';

describe('retort export', () => {
  const folder = temporaryFolder('export');
  const path = join(folder, 'conv.safetensors');
  let bytes: Uint8Array;

  beforeAll(async () => {
    bytes = await studentBytes(convStudent({ precision: 'float' }));
    writeFileSync(path, bytes);
  });

  it('writes the file beside the student, which gives its logits within 1e-5, and says what it reads and gives', async () => {
    const { code, stdout, stderr } = await retort(['export', path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Wrote +\S*conv\.onnx: ONNX, opset 17, float, [\d.]+ KB$/m);
    expect(stdout).toMatch(/^reads +ids$/m);
    expect(stdout).toMatch(/^gives +logits of ham, spam$/m);
    const student = readStudent(bytes);
    const onnx = await loadOnnxModel(readFileSync(join(folder, 'conv.onnx')));
    const [logits] = await onnx.run([student.tokenize('you won a prize!').ids]);
    expectClose(logits, student.logits('you won a prize!'), 1e-5);
  });

  it('--json has the facts; -o names the file, whose folder is made, and leaves nothing beside it', async () => {
    const out = join(folder, 'deep', 'student.onnx');
    const args = ['--precision', 'int8', '--padded', '--json', path, '-o', out];
    const { code, stdout, stderr } = await retort(['export', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      path: out,
      format: 'onnx',
      precision: 'int8',
      opset: 17,
      bytes: readFileSync(out).length,
      inputs: ['ids', 'mask'],
      outputs: ['logits'],
      labels: ['ham', 'spam'],
      studentSha256: parseStudent(bytes).sha256,
    });
    expect(readdirSync(join(folder, 'deep'))).toEqual(['student.onnx']);
  });

  it.each([
    ['pairs', pairStudent(), 'ids, pairIds', 'logits of ham, spam', ['logits'], ['ham', 'spam']],
    ['images', imageStudent(), 'pixels', 'logits of ham, spam', ['logits'], ['ham', 'spam']],
    ['tags', tagStudent(), 'ids', 'logits of O, B-x, I-x, a row a token', ['logits'], ['O', 'B-x', 'I-x']],
    ['embeddings', embedStudent(), 'ids', 'embedding of 11 values', ['embedding'], []],
  ] as const)(
    'writes a student of %s, and says what it reads and gives',
    async (name, file, reads, gives, ...facts) => {
      const path = join(folder, `${name}.safetensors`);
      writeFileSync(path, await studentBytes(file));
      const { code, stdout, stderr } = await retort(['export', '--precision', 'uint8', path]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`reads    ${reads}\ngives    ${gives}\n`);
      const [outputs, labels] = facts;
      const { stdout: json } = await retort(['export', path, '--json']);
      expect(JSON.parse(json)).toMatchObject({ inputs: reads.split(', '), outputs, labels });
    },
  );

  it.each([
    ['a format that there is not', ['--format', 'tflite', path], 'Allowed choices are onnx'],
    ['a precision that there is not', ['--precision', 'int4', path], 'Allowed choices are float, int8, uint8'],
    [
      'a student that is not there',
      [join(folder, 'none.safetensors')],
      'none.safetensors: expected a readable student',
    ],
  ])('exits 2 at %s', async (_, args, message) => {
    const { code, stdout, stderr } = await retort(['export', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('exits 2 where images are to be padded, and says why not', async () => {
    const image = join(folder, 'image.safetensors');
    writeFileSync(image, await studentBytes(imageStudent()));
    const { code, stderr } = await retort(['export', '--padded', image]);
    expect(code).toBe(2);
    expect(stderr).toContain('expected no padding, since it reads images');
  });

  it('exits 2 where the file would take the place of the student, which stays as it was', async () => {
    const before = readFileSync(path);
    const { code, stderr } = await retort(['export', path, '-o', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('--out: expected another file than the student');
    expect(readFileSync(path)).toEqual(before);
  });

  it('exits 1 and names the path where the file cannot be written', async () => {
    const { code, stderr } = await retort(['export', path, '-o', join(path, 'student.onnx')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^retort: .*student\.onnx: expected to write there, got a file where a folder belongs/);
  });
});
