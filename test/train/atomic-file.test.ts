import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RetortError } from '../../src/format/index.ts';
import { makeFolder, WriteError, writeFileAtomic } from '../../src/train/atomic-file.ts';
import { startModule, startModuleOnFullDisk } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { unprivileged } from '../support/unprivileged.ts';

const root = temporaryFolder('atomic-file');
let turn = 0;

function newFolder(): string {
  const folder = join(root, String(turn++));
  mkdirSync(folder);
  return folder;
}

/** The `WriteError` that writing ends in. */
async function failure(writing: Promise<unknown>): Promise<WriteError> {
  const error = await writing.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WriteError);
  expect(error).toBeInstanceOf(RetortError);
  expect((error as WriteError).code).toBe('write_failed');
  return error as WriteError;
}

describe('writeFileAtomic', () => {
  it('writes text and bytes, makes the folders above, and leaves the file alone there', async () => {
    const folder = newFolder();
    const path = join(folder, 'a', 'b', 'file');
    await writeFileAtomic(path, 'Köln');
    expect(readFileSync(path, 'utf8')).toBe('Köln');
    const bytes = Uint8Array.of(0, 255, 10, 13);
    await writeFileAtomic(path, bytes);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
    await writeFileAtomic(path, '');
    expect(statSync(path).size).toBe(0);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['a', 'a/b', 'a/b/file']);
  });

  it('shows a reader the old content or the new, whole, and never a part (40 writes of 1 MB)', async () => {
    const path = join(newFolder(), 'file');
    const contents = ['a', 'b'].map((letter) => letter.repeat(1_000_000));
    await writeFileAtomic(path, contents[0]);
    let writing = true;
    const write = async (): Promise<void> => {
      for (let i = 1; i <= 40; i++) await writeFileAtomic(path, contents[i % 2]);
      writing = false;
    };
    const seen = new Set<string>();
    const read = async (): Promise<void> => {
      while (writing) seen.add(await readFile(path, 'utf8'));
    };
    await Promise.all([write(), read(), read()]);
    expect([...seen].filter((content) => !contents.includes(content))).toEqual([]);
    expect(seen.size).toBe(2);
  });

  it('leaves whole content where two write the same file, and no other file', async () => {
    const folder = newFolder();
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(contents.map((content) => writeFileAtomic(join(folder, 'file'), content)));
    expect(readdirSync(folder)).toEqual(['file']);
    expect(contents).toContain(readFileSync(join(folder, 'file'), 'utf8'));
  });

  it('leaves whole content where kill -9 ends the process that writes', async () => {
    const path = join(newFolder(), 'file');
    const writer = `import { writeFileAtomic } from 'retort-edge/train';
      for (let i = 0; ; i++) {
        await writeFileAtomic(${JSON.stringify(path)}, String(i % 10).repeat(1_000_000));
        if (i === 2) process.stdout.write('writing');
      }`;
    for (const delayMs of [0, 3, 11]) {
      const { child, until, outcome } = startModule(writer);
      await until(/writing/);
      setTimeout(() => child.kill('SIGKILL'), delayMs);
      await outcome;
      expect(readFileSync(path, 'utf8')).toMatch(/^(\d)\1{999999}$/);
    }
  });
});

describe('writeFileAtomic throws WriteError and leaves nothing behind', () => {
  it('where a folder has the name', async () => {
    const folder = newFolder();
    const path = join(folder, 'taken');
    mkdirSync(path);
    const { message } = await failure(writeFileAtomic(path, 'x'));
    expect(message).toBe(`${path}: expected to write there, got a folder where a file belongs; choose another path`);
    expect(readdirSync(folder, { recursive: true })).toEqual(['taken']);
  });

  it('where a file stands in the place of a folder', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), 'old');
    const path = join(folder, 'file', 'below', 'name');
    const { message } = await failure(writeFileAtomic(path, 'x'));
    expect(message).toBe(`${path}: expected to write there, got a file where a folder belongs; choose another path`);
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
  });

  it('where the folder is read-only, and keeps the old content', async () => {
    const folder = newFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    chmodSync(root, 0o755);
    chmodSync(folder, 0o555);
    const { message, cause } = await unprivileged(() => failure(writeFileAtomic(path, 'new')));
    const below = await unprivileged(() => failure(writeFileAtomic(join(folder, 'new', 'file'), 'new')));
    chmodSync(folder, 0o755);
    expect(message).toBe(
      `${path}: expected to write there, got no permission; choose another folder or change its permissions`,
    );
    expect(cause).toMatchObject({ code: 'EACCES' });
    expect(below.message).toContain('got no permission');
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('where the disk is full half way, and keeps the old content', async () => {
    const folder = newFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    const writer = `import { writeFileAtomic } from 'retort-edge/train';
      const error = await writeFileAtomic(${JSON.stringify(path)}, 'new'.repeat(1000)).catch((thrown) => thrown);
      process.stdout.write([error.name, error.code, error.message].join());`;
    const { stdout, stderr } = await startModuleOnFullDisk(writer).outcome;
    expect(stdout, stderr).toBe(`WriteError,write_failed,${path}: expected to write there, got EFBIG`);
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});

describe('makeFolder', () => {
  it('makes a folder with those above, and takes one that is there, a link to one too', async () => {
    const folder = newFolder();
    await makeFolder(join(folder, 'a', 'b', 'c'));
    await makeFolder(join(folder, 'a', 'b', 'c'));
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    await makeFolder(join(folder, 'link'));
    await makeFolder(join(folder, 'link', 'd'));
    expect(statSync(join(folder, 'a', 'b', 'c')).isDirectory()).toBe(true);
    expect(statSync(join(folder, 'a', 'd')).isDirectory()).toBe(true);
  });

  it('succeeds for all that make the same folder at once', async () => {
    const path = join(newFolder(), 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)));
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('throws WriteError where a file has the name, or the name of a folder above', async () => {
    const path = join(newFolder(), 'file');
    writeFileSync(path, '');
    expect((await failure(makeFolder(path))).message).toContain(`${path}: expected to write there, got a file where`);
    expect((await failure(makeFolder(join(path, 'a', 'b')))).message).toContain('got a file where a folder belongs');
  });
});
