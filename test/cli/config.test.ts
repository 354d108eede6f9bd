import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { retort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A config that is whole but for its data: the message about that shows that the config was read. */
const CONFIG = { name: 'mails', data: { train: 'rows.csv' } };

describe('retort distill refuses', () => {
  const root = temporaryFolder('config');
  let turn = 0;

  /** Runs in a folder with `files` alone, and holds that nothing else is there afterwards. */
  const refusal = async (files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> => {
    const folder = join(root, String(turn++));
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { code, stdout, stderr } = await retort(['distill', ...args], { cwd: folder });
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toContain('    at ');
    const names = [...new Set(Object.keys(files).map((name) => name.split('/')[0]))];
    expect(readdirSync(folder).sort()).toEqual(names.sort());
    return stderr;
  };
  const json = (config: unknown): Record<string, string> => ({ 'retort.config.json': JSON.stringify(config) });

  beforeAll(() => mkdirSync(root, { recursive: true }));

  it('a folder without a config, and names the files that it looked for', async () => {
    const message = await refusal({});
    for (const name of ['ts', 'mjs', 'js', 'json']) expect(message).toContain(`retort.config.${name}`);
  });

  it('a config file that is not there', async () => {
    expect(await refusal({}, 'spam.config.ts')).toContain(
      'spam.config.ts: expected a config file, or a folder with one, got no such file',
    );
  });

  it.each([
    ['naem', { naem: 'mails', data: CONFIG.data }, 'name'],
    ['studnets', { ...CONFIG, studnets: [] }, 'students'],
    ['textColum', { name: 'mails', data: { train: 'rows.csv', textColum: 'body' } }, 'textColumn'],
    ['hiddensize', { ...CONFIG, students: [{ family: 'static', hiddensize: 8 }] }, 'hiddenSize'],
    ['epoch', { ...CONFIG, students: [{ family: 'conv', training: { epoch: 8 } }] }, 'epochs'],
    ['maxPiece', { ...CONFIG, teacher: { maxPiece: 8 } }, 'maxPieces'],
  ])('the misspelt key %s, and suggests the right one', async (key, config, suggestion) => {
    expect(await refusal(json(config))).toContain(`expected a known key, got ${key}; did you mean ${suggestion}?`);
  });

  it.each([
    ['a string', 'mails'],
    ['null', null],
    ['a list', []],
  ])('a config that is %s', async (_, config) => {
    expect(await refusal(json(config))).toContain('config, top level: expected');
  });

  it.each([
    ['without a name', { data: CONFIG.data }, 'config, name'],
    ['without data', { name: 'mails' }, 'config, data'],
    ['with data of another kind', { name: 'mails', data: 3 }, 'config, data: expected'],
    ['with a file name that is none', { name: 'mails', data: { train: 3 } }, 'config, data.train: expected string'],
    [
      'with an unknown schedule',
      { ...CONFIG, students: [{ family: 'conv', training: { alpha: { kind: 'exponential' } } }] },
      'config, students.0.training.alpha.kind: expected',
    ],
    ['with a name that is no folder name', { ...CONFIG, name: '../mails' }, 'config, name'],
    ['with an unknown family', { ...CONFIG, students: [{ family: 'lstm' }] }, 'config, students.0.family'],
    [
      'with a negative count',
      { ...CONFIG, students: [{ family: 'static', buckets: -1 }] },
      'config, students.0.buckets',
    ],
    ['with shares that leave no rows', { name: 'a', data: { train: 'a.csv', devShare: 0.6, testShare: 0.4 } }, 'Share'],
  ])('a config %s, and names the field', async (_, config, field) => {
    expect(await refusal(json(config))).toContain(field);
  });

  it('an option that the config would not take either', async () => {
    expect(await refusal(json(CONFIG), '--backend', 'webgl')).toContain('config, backend: expected');
  });

  it('rows in the place of a config, and a path that leads nowhere', async () => {
    const named = async (path: string): Promise<string> => {
      const { code, stderr } = await retort(['distill', path]);
      expect(code).toBe(2);
      return stderr;
    };
    const rows = 'test/support/messages.csv';
    expect(await named(rows)).toContain(
      `${rows}: expected a config in .ts, .mjs, .js or .json, got .csv; name a config`,
    );
    expect(await named('none')).toContain('none: expected a config file, or a folder with one, got no such file;');
  });

  it('a config that is no JSON', async () => {
    const message = await refusal({ 'retort.config.json': '{\n "name": "a",\n "data": {,}\n}' });
    expect(message).toContain('retort.config.json:3:11: expected JSON, got ');
    // The parser of Node 20 tells no position here.
    const misspelt = await refusal({ 'retort.config.json': '{\n "name": spam,\n "data": {}\n}' });
    expect(misspelt).toMatch(
      /retort\.config\.json(:2:10)?: expected JSON, got what is none \(.*\); correct it there\n$/,
    );
    expect(await refusal({ 'retort.config.json': '{"name":' })).toContain('retort.config.json:1:9: expected JSON');
  });

  it.each(['ts', 'mjs'])('a config in .%s without a default export', async (extension) => {
    const name = `retort.config.${extension}`;
    expect(await refusal({ [name]: 'export const config = {};' })).toContain(`${name}: expected a default export`);
  });

  it.each(['ts', 'mjs'])('a config in .%s that throws, and repeats what it said', async (extension) => {
    const name = `retort.config.${extension}`;
    const message = await refusal({ [name]: "throw new Error('no such luck');" });
    expect(message).toContain(`${name}: expected a module that loads, got no such luck; correct it there\n`);
  });

  it.each([
    ['ts', 'bundled', "import 'retort-none';", "Cannot find package 'retort-none'"],
    ['mjs', 'imported', "import 'retort-none';", "Cannot find package 'retort-none' imported from .*retort.config.mjs"],
    [
      'mjs',
      'required, which Node says in several lines',
      "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('retort-none');",
      "Cannot find module 'retort-none'",
    ],
  ])('a config in .%s of a missing package that is %s, in one line', async (extension, _, statement, got) => {
    const name = `retort.config.${extension}`;
    expect(await refusal({ [name]: `${statement}\nexport default {};` })).toMatch(
      new RegExp(`^retort: .*/${name}: expected a module that loads, got ${got}; install it, or correct the import\n$`),
    );
  });

  it.each(['ts', 'mjs'])('a data function that throws, in .%s in a folder of any name', async (extension) => {
    const name = `our (first) folder/retort.config.${extension}`;
    const source = "export default {\n  name: 'mails',\n  data() {\n    throw new Error('no rows');\n  },\n};\n";
    expect(await refusal({ [name]: source }, 'our (first) folder')).toMatch(
      /^retort: \/.*\/our \(first\) folder\/retort\.config\.(ts|mjs):4:11: expected data\(\) to give a dataset/m,
    );
  });

  it('a config in .ts that does not parse, and names the line', async () => {
    const message = await refusal({ 'retort.config.ts': 'export default {\n  name: ,\n};' });
    expect(message).toMatch(/retort\.config\.ts:2:9: expected TypeScript that bundles, got Unexpected ","/);
  });

  it('a config in .mjs that does not parse, and names the line', async () => {
    const message = await refusal({ 'retort.config.mjs': 'export default {\n  name: ,\n};' });
    expect(message).toMatch(/retort\.config\.mjs:2:9: expected a module that loads, got Unexpected ","/);
  });

  it('data that is not there, in a config as .ts that imports other .ts', async () => {
    const message = await refusal({
      'retort.config.ts': "import { NAME, rows } from './parts/names.ts';\nexport default { name: NAME, data: rows };",
      'parts/names.ts':
        "import type { Rows } from './rows';\nimport { rowsOf } from './rows';\nexport const NAME: string = 'mails';\nexport const rows: Rows = rowsOf('typed.csv');",
      'parts/rows.ts':
        'export interface Rows { train: string }\nexport const rowsOf = (train: string): Rows => ({ train });',
    });
    expect(message).toMatch(/\/typed\.csv: expected a readable file, got no such file/);
  });

  it('data that is not there, in a config as .mjs that imports another .mjs', async () => {
    const message = await refusal({
      'retort.config.mjs': "import { rows } from './rows.mjs';\nexport default { name: 'mails', data: rows };",
      'rows.mjs': "export const rows = { train: 'plain.csv' };",
    });
    expect(message).toMatch(/\/plain\.csv: expected a readable file, got no such file/);
  });

  it('data that is not there, in a config as .json', async () => {
    expect(await refusal(json(CONFIG))).toMatch(/\/rows\.csv: expected a readable file, got no such file/);
  });

  it('a data function that returns no dataset, and names what is missing', async () => {
    const source = "export default { name: 'mails', data: () => ({ name: 'mails', train: [] }) };\n";
    expect(await refusal({ 'retort.config.mjs': source })).toBe(
      'data   0 % (reading)\nretort: data().labels: expected a value, got nothing; return a Dataset\n',
    );
  });

  it.each([
    [
      'at its line',
      'ts',
      "type T = string;\nexport const said: T = 'no rows';",
      'throw new Error(said)',
      ':5:11: ',
      'no rows',
    ],
    ['at its line', 'mjs', "\nexport const said = 'no rows';", 'throw new Error(said)', ':5:11: ', 'no rows'],
    [
      'in its first line',
      'mjs',
      "export const said = 'no rows.\\nNone.';",
      'throw new Error(said)',
      ':5:11: ',
      'no rows',
    ],
    ['as it is where it is no error', 'mjs', "export const said = 'no rows';", 'throw said', ': ', 'no rows'],
    [
      'in the words of Retort where these are what it throws',
      'mjs',
      `export { readRows } from ${JSON.stringify(pathToFileURL('dist/train/index.js').href)};\nexport const said = 'none.csv';`,
      "return (await import('./said.mjs')).readRows(said, { text: 'text', label: 'label', id: null, labelSeparator: null })",
      null,
      'none.csv: expected a readable file, got no such file',
    ],
  ])('a data function that throws, %s, in .%s', async (_, extension, said, statement, line, message) => {
    const name = `retort.config.${extension}`;
    const source = `export default {\n  name: 'mails',\n  async data() {\n    await null;\n    ${statement};\n  },\n};\n`;
    const files = { [name]: `import { said } from './said.${extension}';${source}`, [`said.${extension}`]: said };
    const stderr = await refusal(files);
    const [place, advice] =
      line === null ? ['', ''] : [`${name}${line}expected data() to give a dataset, got `, '; correct it there\n'];
    expect(stderr).toContain(`${place}${message}${advice}`);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('data of one label alone', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `text ${i},ham`);
    const message = await refusal({ ...json(CONFIG), 'rows.csv': `text,label\n${rows.join('\n')}\n` });
    expect(message).toMatch(/expected labelled rows of at least 2 labels, got only ham/);
  });

  it('data without a label', async () => {
    expect(await refusal({ ...json(CONFIG), 'rows.csv': 'text,label\na,\nb,\n' })).toContain('label some rows');
  });
});

describe('retort distill into a place that cannot be written', () => {
  const folder = temporaryFolder('unwritable');

  beforeAll(() => {
    copyFileSync('test/support/messages.csv', join(folder, 'rows.csv'));
    writeFileSync(join(folder, 'file'), '');
  });

  const run = async (paths: { readonly outDir: string; readonly cacheDir: string }): Promise<string> => {
    writeFileSync(join(folder, 'retort.config.json'), JSON.stringify({ ...CONFIG, ...paths, backend: 'wasm' }));
    const { code, stdout, stderr } = await retort(['distill'], { cwd: folder });
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
    expect(stderr).not.toContain('    at ');
    return stderr;
  };

  it.each(['file/out', '/proc/retort/out'])('exits 1 before the teacher labels anything: outDir %s', async (outDir) => {
    const message = await run({ outDir, cacheDir: 'cache' });
    expect(message).toContain(`${outDir}`);
    expect(message).toContain('expected to write there');
    expect(message).not.toContain('labelling');
    expect(existsSync(join(folder, 'cache'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['file', 'retort.config.json', 'rows.csv']);
  });

  it('exits 1 and names the cache where that is the place', async () => {
    const message = await run({ outDir: 'out', cacheDir: 'file/cache' });
    expect(message).toContain('file/cache');
    expect(message).toContain('expected to write there, got a file where a folder belongs');
    // An empty folder for what would have come next, and no file.
    expect(readdirSync(join(folder, 'out'), { recursive: true })).toEqual(['.retort-checkpoints']);
  });
});
