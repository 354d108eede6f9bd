import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { retort } from '../support/retort.ts';
import { studentBytes } from '../support/students.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TINY_STUDENT } from '../support/tiny-student.ts';

/** A safetensors file with one tensor, as any other tool writes it. */
function plainSafetensors(): Uint8Array {
  const entry = '{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const header = Buffer.from(entry.padEnd(120));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(4)]);
}

function replaceInHeader(bytes: Uint8Array, old: string, by: string): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(old);
  if (at < 0 || old.length !== by.length) throw new Error(`no ${old} to replace`);
  copy.write(by, at);
  return copy;
}

describe.each([
  ['inspect', (path: string) => ['inspect', path]],
  ['eval', (path: string, data: string) => ['eval', data, path]],
  ['bench', (path: string) => ['bench', path, '--runs', '1']],
  ['compare', (path: string) => ['compare', path, '--text', 'hello']],
  ['serve', (path: string) => ['serve', path, '--port', '0']],
  ['deploy', (path: string) => ['deploy', path, '--dry-run']],
])('retort %s', (verb, args) => {
  const folder = temporaryFolder(`files-${verb}`);
  const data = join(folder, 'rows.csv');
  let tiny: Uint8Array;

  beforeAll(async () => {
    tiny = await studentBytes(TINY_STUDENT);
    writeFileSync(data, 'text,label\nhello,ham\n');
  });

  const refusal = async (name: string, bytes: Uint8Array | null): Promise<string> => {
    const path = join(folder, name);
    if (bytes !== null) writeFileSync(path, bytes);
    const { code, stdout, stderr } = await retort(args(path, data), { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toContain('    at ');
    expect(stderr, 'names the file').toContain(name);
    return stderr;
  };

  it('exits 2 and names a student file that is not there', async () => {
    await refusal('missing.safetensors', null);
  });

  it('exits 2 and names a student file that was cut', async () => {
    expect(await refusal('cut.safetensors', tiny.subarray(0, tiny.length - 40))).toContain('expected');
    expect(await refusal('empty.safetensors', new Uint8Array())).toContain('expected');
  });

  it('exits 2 and asks for an update where the format is newer', async () => {
    const newer = replaceInHeader(tiny, '"format_version":"1"', '"format_version":"9"');
    expect(await refusal('newer.safetensors', newer)).toContain('update retort-edge');
  });

  it('exits 2 and says so where a safetensors file is that of another tool', async () => {
    expect(await refusal('other.safetensors', plainSafetensors())).toMatch(/`__metadata__`|another tool/);
  });
});

describe('a folder of students', () => {
  const folder = temporaryFolder('folder');

  it('stands for the .safetensors files in it', async () => {
    const students = join(folder, 'students');
    mkdirSync(students);
    for (const name of ['b', 'a']) {
      const file = { ...TINY_STUDENT, spec: { ...TINY_STUDENT.spec, name } };
      writeFileSync(join(students, `${name}.safetensors`), await studentBytes(file));
    }
    writeFileSync(join(students, 'teacher.json'), '{}');
    const { code, stdout } = await retort(['bench', students, '--runs', '1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).results.map(({ name }: { name: string }) => name)).toEqual(['a', 'b']);
  });

  it('without any is an error that names it', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { code, stderr } = await retort(['bench', empty]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${empty}: expected .safetensors files`);
  });
});
