import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { retort, startRetort } from '../support/retort.ts';
import { imageStudent, pairStudent, studentBytes, tagStudent } from '../support/students.ts';
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
    const cut = tiny.subarray(0, tiny.length - 40);
    const advice = (bytes: number): string => `the file has ${bytes} bytes: if it was cut on its way, copy or fetch it`;
    expect(await refusal('cut.safetensors', cut)).toContain(advice(cut.length));
    expect(await refusal('empty.safetensors', new Uint8Array())).toContain(advice(0));
  });

  it('exits 2 and asks for an update where the format is newer', async () => {
    const newer = replaceInHeader(tiny, '"format_version":"1"', '"format_version":"9"');
    expect(await refusal('newer.safetensors', newer)).toContain('update retort-edge');
  });

  it('exits 2 and says so where a safetensors file is that of another tool', async () => {
    expect(await refusal('other.safetensors', plainSafetensors())).toMatch(/`__metadata__`|another tool/);
  });
});

describe('a student of another task', () => {
  const folder = temporaryFolder('files-task');
  const path = join(folder, 'tagger.safetensors');
  beforeAll(async () => writeFileSync(path, await studentBytes(tagStudent())));

  it('is shown by inspect, with its task', async () => {
    const { code, stdout } = await retort(['inspect', path]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('one label a word of O, B-x') });
  });

  it.each([['serve'], ['deploy', '--dry-run']])('is refused by %s, naming its task', async (...args) => {
    const [verb, ...options] = args;
    const { code, stderr } = await retort([verb, path, ...options], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('expected a student that classifies a text, got one that is for the task tag');
  });

  it.each([
    ['pair', pairStudent()],
    ['image', imageStudent()],
  ])('is refused by serve and deploy where it reads another input: %s', async (kind, file) => {
    const other = join(folder, `${kind}.safetensors`);
    writeFileSync(other, await studentBytes(file));
    for (const args of [['serve'], ['deploy', '--dry-run']]) {
      const { code, stderr } = await retort([...args, other], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toContain(`expected a student that classifies a text, got one that reads another input (${kind})`);
    }
  });
});

describe('a folder of students', () => {
  const folder = temporaryFolder('folder');
  const students = join(folder, 'students');
  const namesOf = async (): Promise<readonly string[]> => {
    const { code, stdout, stderr } = await retort(['bench', students, '--runs', '1', '--json']);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout).results.map(({ name }: { name: string }) => name);
  };

  beforeAll(async () => {
    mkdirSync(students);
    for (const name of ['b', 'c', 'a']) {
      const file = { ...TINY_STUDENT, spec: { ...TINY_STUDENT.spec, name } };
      writeFileSync(join(students, `${name}.safetensors`), await studentBytes(file));
    }
    writeFileSync(join(students, 'teacher.json'), '{}');
  });

  it('stands for the .safetensors files in it, by name', async () => {
    expect(await namesOf()).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [
      'in the order of the run that left them, others behind',
      '{"students":[{"file":"c.safetensors"},{"file":"b.safetensors"}]}',
      ['c', 'b', 'a'],
    ],
    [
      'by name where metrics.json has files that are gone',
      '{"students":[{"file":"gone.safetensors"}]}',
      ['a', 'b', 'c'],
    ],
    ['by name where metrics.json is no JSON', 'accuracy: .98', ['a', 'b', 'c']],
    ['by name where metrics.json is that of another tool', '{"students":[null,"c.safetensors"]}', ['a', 'b', 'c']],
  ])('stands for the files %s', async (_, metrics, order) => {
    writeFileSync(join(students, 'metrics.json'), metrics);
    expect(await namesOf()).toEqual(order);
  });

  it('without any is an error that names it', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { code, stderr } = await retort(['bench', empty]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${empty}: expected .safetensors files`);
  });
});

describe('students of one name', () => {
  const folder = temporaryFolder('names');
  const at = (run: string, file: string): string => join(folder, run, file);

  beforeAll(async () => {
    for (const [run, file] of [
      ['a', 'tiny.safetensors'],
      ['b', 'tiny.safetensors'],
      ['b', 'copy.safetensors'],
    ]) {
      mkdirSync(join(folder, run), { recursive: true });
      writeFileSync(at(run, file), await studentBytes(TINY_STUDENT));
    }
  });

  it('are told apart by their folders, in a comparison and on a server', async () => {
    const { name } = TINY_STUDENT.spec;
    const paths = [at('a', 'tiny.safetensors'), at('b', 'tiny.safetensors')];
    const { code, stdout, stderr } = await retort(['compare', ...paths, '--text', 'hello', '--json']);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).models.map(({ id }: { id: string }) => id)).toEqual([`a.${name}`, `b.${name}`]);
    const running = startRetort(['serve', ...paths, '--port', '0']);
    const [, url] = await running.until(/^(http:\S+) serves a\.\S+, b\.\S+$/m);
    const file = await fetch(`${url}/v1/models/b.${name}/student.safetensors`);
    expect(file.status).toBe(200);
    await file.arrayBuffer();
    const response = await fetch(`${url}/v1/models/b.${name}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: 'hello' }),
    });
    expect(((await response.json()) as { model: string }).model).toBe(`b.${name}`);
    running.child.kill('SIGINT');
    expect((await running.outcome).code).toBe(0);
  });

  it('in one folder are refused, with what to do', async () => {
    const { code, stderr } = await retort(['compare', join(folder, 'b'), '--text', 'hello']);
    expect(code).toBe(2);
    expect(stderr).toContain('move one into another folder');
  });
});
