import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileFault } from '../../src/train/file-fault.ts';

it('fileFault says in plain words why a file cannot be read, and else what the system says', async () => {
  const faultOf = (path: string): Promise<string> => readFile(path, 'utf8').then(() => 'none', fileFault);
  expect(await faultOf(join('test', 'none'))).toBe('no such file');
  expect(await faultOf(join('package.json', 'none'))).toBe('no such file');
  expect(await faultOf('test')).toBe('a folder');
  expect(fileFault({ code: 'EACCES' })).toBe('no permission to read it');
  expect(fileFault({ code: 'EMFILE' })).toBe('EMFILE');
  expect(fileFault(new Error('gone'))).toBe('gone');
});
