import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function results(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, [resolve('scripts/results.mjs'), ...args], { cwd }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const folder = temporaryFolder('results');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Replaces what a file of the copy has to hold. */
function replace(name: string, from: string | RegExp, to: string): void {
  const text = read(name);
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(join(folder, name), changed);
}

/** Multiplies one number of a JSON of the copy. */
function scale(name: string, path: readonly (string | number)[], factor: number): void {
  const json = JSON.parse(read(`results/${name}.json`));
  const parent = path.slice(0, -1).reduce((node, key) => node[key], json);
  parent[path[path.length - 1]] *= factor;
  writeFileSync(join(folder, 'results', `${name}.json`), JSON.stringify(json));
}

const complaint = (name: string): string =>
  `${name}: expected what results/*.json say, got something else; run node scripts/results.mjs\n`;

beforeEach(() => {
  for (const name of ['README.md', 'RESULTS.md', 'docs', 'results', 'bench/results'])
    cpSync(name, join(folder, name), { recursive: true });
});

describe('node scripts/results.mjs --check', () => {
  it('exits 0 and says nothing on this repository: every table is what results/*.json say', async () => {
    expect(await results(process.cwd(), '--check')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await results(folder, '--check')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each(['README.md', 'RESULTS.md'])('exits 1 and names %s alone where a digit in it is another', async (name) => {
    replace(name, /\| teacher \| \.\d/, '| teacher | .0');
    const before = read(name);
    expect(await results(folder, '--check')).toEqual({ code: 1, stdout: '', stderr: complaint(name) });
    expect(read(name)).toBe(before);
  });

  it.each<[string, readonly string[], readonly (string | number)[]]>([
    ['quickstart', ['README.md', 'RESULTS.md'], ['teacher', 'accuracy']],
    ['runtime', ['RESULTS.md'], ['figures', 0, 'value']],
    ['size', ['README.md', 'RESULTS.md'], [0, 'bytes']],
  ])('exits 1 where a figure of %s.json is another, and names %j', async (name, files, figure) => {
    scale(name, figure, 2);
    const stderr = files.map(complaint).join('');
    expect(await results(folder, '--check')).toEqual({ code: 1, stdout: '', stderr });
  });

  it('does not mind what stands outside the tables', async () => {
    replace('README.md', /^/, 'One more line.\n');
    expect((await results(folder, '--check')).code).toBe(0);
  });
});

describe('node scripts/results.mjs', () => {
  it('writes the tables anew and nothing else, so that --check exits 0', async () => {
    replace('RESULTS.md', /\| teacher \| \.\d/, '| teacher | .0');
    replace('README.md', '<!-- size:runtime -->', '<!-- size:runtime -->about ');
    expect(await results(folder)).toEqual({ code: 0, stdout: '', stderr: '' });
    for (const name of ['README.md', 'RESULTS.md']) expect(read(name)).toBe(readFileSync(name, 'utf8'));
    expect((await results(folder, '--check')).code).toBe(0);
  });

  it('writes the figure that a JSON has', async () => {
    const { teacher } = JSON.parse(read('results/quickstart.json'));
    scale('quickstart', ['teacher', 'accuracy'], 0.1234 / teacher.accuracy);
    await results(folder);
    for (const name of ['README.md', 'RESULTS.md']) expect(read(name)).toContain('| teacher | .123 |');
  });

  it('says which student that is loaded has its embedding in int4', async () => {
    const path = join(folder, 'bench/results/loading.json');
    const loading = JSON.parse(readFileSync(path, 'utf8'));
    const [row] = loading.rows;
    loading.rows.push({ ...row, embedding: 'int4', bytes: 1_050_104, copyMs: 1.23, readMs: 4.56 });
    writeFileSync(path, JSON.stringify(loading));
    await results(folder);
    expect(read('docs/loading.md')).toContain('\n| 1050 KB, int4 | 1.23 | 4.56 | ');
  });

  it('says of what has no JSON yet that it is not measured', async () => {
    rmSync(join(folder, 'results/tag.json'));
    expect(await results(folder)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(read('RESULTS.md')).toContain('<!-- results:tag -->Not measured yet.<!-- /results:tag -->');
  });

  it('exits 1 and names a table that it does not know', async () => {
    replace('README.md', /results:quickstart/g, 'results:other');
    const { code, stderr } = await results(folder);
    expect(code).toBe(1);
    expect(stderr).toContain('expected a known block, got results:other');
  });
});
