import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FittedTeacher, type LabelReport, type MergeReport, readTeacher } from '../../src/train/index.ts';
import { MESSAGES_CONFIG } from '../support/messages.ts';
import { recordLength } from '../support/output-entries.ts';
import { type Outcome, type Running, retort, startRetort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TEXTS = 60;
const root = temporaryFolder('label');
const examples = readFileSync('test/support/messages.csv', 'utf8').split('\n');
let turn = 0;

/** A project of its own, with some of the example messages in this order. */
function newProject(order: (rows: readonly string[]) => readonly string[] = (rows) => rows): string {
  const project = join(root, String(turn++));
  mkdirSync(project);
  const rows = examples.slice(1, 1 + TEXTS);
  writeFileSync(join(project, 'messages.csv'), [examples[0], ...order(rows)].join('\n'));
  writeFileSync(join(project, 'retort.config.json'), JSON.stringify(MESSAGES_CONFIG));
  return project;
}

function recordsIn(folder: string): string | null {
  const [entry] = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'shard.json') : [];
  const path = join(folder, entry ?? '', 'records.bin');
  return entry !== undefined && existsSync(path) ? path : null;
}

const cachedIn = (project: string): Buffer => readFileSync(recordsIn(join(project, 'cache', 'teacher'))!);

async function labelJson<Report>(project: string, ...args: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await retort(['label', '--json', ...args], { cwd: project });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

/** Stops a run as soon as it has labelled something. */
async function stopEarly(running: Running, folder: string, signal: NodeJS.Signals): Promise<Outcome> {
  const size = (): number => statSync(recordsIn(folder) ?? '', { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  while (size() === before) {
    if (running.child.exitCode !== null)
      throw new Error(`exit code ${running.child.exitCode} before anything was there`);
    await wait(2);
  }
  running.child.kill(signal);
  return running.outcome;
}

let reference: string;
let expected: Buffer;

beforeAll(async () => {
  reference = newProject();
  const report = await labelJson<LabelReport>(reference, '--threads', '2');
  expect(report).toMatchObject({ shard: null, texts: TEXTS, models: [{ size: 512, labelled: TEXTS, kept: 0 }] });
  expected = cachedIn(reference);
}, 60_000);

describe('retort label', () => {
  it('fills the cache in the order of keys and writes nothing else', () => {
    const records = Array.from({ length: TEXTS }, (_, i) =>
      expected.toString('hex', i * recordLength(512), i * recordLength(512) + 32),
    );
    expect(expected).toHaveLength(TEXTS * recordLength(512));
    expect(records).toEqual([...records].sort());
    expect(readdirSync(reference).sort()).toEqual(['cache', 'messages.csv', 'retort.config.json']);
    expect(readdirSync(join(reference, 'cache'))).toEqual(['teacher']);
  });

  it('labels nothing again, and says so', async () => {
    const { code, stdout, stderr } = await retort(['label'], { cwd: reference });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Universal Sentence Encoder lite +0 +60 *$/m);
    expect(stderr).not.toMatch(/^labelling/m);
    expect(cachedIn(reference).equals(expected)).toBe(true);
  });

  it('gives the same bytes after Ctrl-C and kill -9, with another number of threads, for rows in another order', async () => {
    const project = newProject((rows) => [...rows].reverse());
    const folder = join(project, 'cache', 'teacher');
    const interrupted = await stopEarly(startRetort(['label', '--threads', '1'], { cwd: project }), folder, 'SIGINT');
    expect(interrupted).toMatchObject({ code: 130, stdout: '' });
    expect(interrupted.stderr).toMatch(/^labelling +\d+ % \(teacher/m);
    expect(interrupted.stderr).toMatch(/^retort: stopped; what is done is kept/m);
    const left = statSync(recordsIn(folder)!).size;
    expect(left % recordLength(512)).toBe(0);
    const killed = await stopEarly(startRetort(['label', '--threads', '1'], { cwd: project }), folder, 'SIGKILL');
    expect(killed.code).toBeNull();
    const { models } = await labelJson<LabelReport>(project, '--threads', '1');
    expect(models[0].kept).toBeGreaterThan(left / recordLength(512));
    expect(models[0].labelled).toBeGreaterThan(0);
    expect(cachedIn(project).equals(expected)).toBe(true);
  });
});

describe('retort label --shard and --merge', () => {
  it('give the bytes of a run that was never divided, from folders on separate disks, one shard killed on its way', async () => {
    const [one, other, whole] = [newProject(), newProject((rows) => [...rows].sort()), newProject()];
    const first = join(one, 'cache', 'shards', '1-of-2');
    const killed = await stopEarly(
      startRetort(['label', '--shard', '1/2', '--threads', '1'], { cwd: one }),
      first,
      'SIGKILL',
    );
    expect(killed.code).toBeNull();
    const [a, b] = await Promise.all([
      labelJson<LabelReport>(one, '--shard', '1/2', '--threads', '1'),
      labelJson<LabelReport>(other, '--shard', '2/2', '--threads', '1'),
    ]);
    expect(a.texts + b.texts).toBe(TEXTS);
    expect(a.models[0].kept).toBeGreaterThan(0);
    const second = join(whole, 'from-another-machine');
    cpSync(b.folder, second, { recursive: true });
    const report = await labelJson<MergeReport>(whole, '--merge', second, first);
    expect(report).toMatchObject({ shards: ['2/2', '1/2'], missing: [], unfinished: [] });
    expect(cachedIn(whole).equals(expected)).toBe(true);
  });

  it('give the same bytes for four shards that lie below the cache folder, and merge them twice', async () => {
    const project = newProject();
    for (const shard of [3, 1, 4, 2]) await labelJson(project, '--shard', `${shard}/4`);
    for (const merge of [1, 2]) {
      const { code, stdout, stderr } = await retort(['label', '--merge'], { cwd: project });
      expect(code, stderr).toBe(0);
      expect(stdout, `merge ${merge}`).toContain('4 shards merged: 1/4, 2/4, 3/4, 4/4.');
      expect(cachedIn(project).equals(expected)).toBe(true);
    }
    rmSync(join(project, 'cache', 'shards', '2-of-4'), { recursive: true });
    const { stdout } = await retort(['label', '--merge'], { cwd: project });
    expect(stdout).toContain('Not there: 2/4');
  });
});

describe('retort label --fit', () => {
  it('leaves a teacher that labels as the config does', async () => {
    const project = newProject();
    cpSync(join(reference, 'cache'), join(project, 'cache'), { recursive: true });
    const { file, record, test } = await labelJson<FittedTeacher>(project, '--fit');
    expect((await readTeacher(file)).metrics.accuracy).toBe(test.accuracy);
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({
      version: 1,
      dataset: { checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
      backend: 'wasm',
      seed: 0,
      teacher: { ...test, learning: [null] },
      seconds: { training: null, labelling: expect.any(Number) },
    });
    const { models } = await labelJson<LabelReport>(project, '--teacher', file);
    expect(models).toMatchObject([{ labelled: 0, kept: TEXTS }]);
  });
});

describe('retort label refuses', () => {
  it.each([
    ['a shard that there is not', ['--shard', '5/4'], 'Expected i/n with i from 1 to n'],
    ['shard 0', ['--shard', '0/4'], 'Expected i/n with i from 1 to n'],
    ['a shard and a merge at once', ['--shard', '1/4', '--merge'], 'expected one of --fit, --shard'],
    ['to merge what is no shard', ['--merge', '.'], 'expected a shard of retort label, got no such file'],
    ['a teacher.json that is none', ['--teacher', 'retort.config.json'], 'expected a teacher.json of retort distill'],
  ])('%s, with exit code 2', async (_, args, message) => {
    const { code, stdout, stderr } = await retort(['label', ...args], { cwd: reference });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('to label a shard with a teacher that has to learn first, with exit code 2', async () => {
    const project = newProject();
    const teacher = { kind: 'encoder', directory: 'model', fineTune: {} };
    writeFileSync(join(project, 'retort.config.json'), JSON.stringify({ ...MESSAGES_CONFIG, teacher }));
    const { code, stderr } = await retort(['label', '--shard', '1/2'], { cwd: project });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'shard 1/2: expected a teacher that is ready, got one that is trained first; run retort label --fit',
    );
  });

  it('a cache of another format version, with exit code 2, and leaves it alone', async () => {
    const project = newProject();
    cpSync(join(reference, 'cache'), join(project, 'cache'), { recursive: true });
    const header = join(recordsIn(join(project, 'cache', 'teacher'))!, '..', 'entry.json');
    writeFileSync(header, readFileSync(header, 'utf8').replace('"version":1', '"version":2'));
    const { code, stderr } = await retort(['label'], { cwd: project });
    expect(code).toBe(2);
    expect(stderr).toMatch(/entry\.json: expected \{"version":1.*got \{"version":2.*delete the folder to label again/);
    expect(cachedIn(project).equals(expected)).toBe(true);
  });
});
