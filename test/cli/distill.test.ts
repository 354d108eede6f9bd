import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { deserialize } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStudent } from '../../src/runtime/node.ts';
import type { Checkpoint } from '../../src/train/checkpoint.ts';
import type { DistillationMetrics, RunRecord } from '../../src/train/index.ts';
import { readTeacher } from '../../src/train/index.ts';
import { writeMessages } from '../support/messages.ts';
import { type Outcome, type Running, retort, startRetort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STUDENTS = ['static.safetensors', 'conv.safetensors'];
/** Key, 512 values, checksum. */
const RECORD_BYTES = 32 + 4 * 512 + 4;

const folder = temporaryFolder('distill');
const inFolder = (...path: readonly string[]): string => join(folder, ...path);
const distillArgs = (out: string, ...more: readonly string[]): readonly string[] => ['distill', '--out', out, ...more];
const studentsIn = (out: string): readonly Buffer[] => STUDENTS.map((name) => readFileSync(inFolder(out, name)));
const metricsIn = (out: string): DistillationMetrics => JSON.parse(readFileSync(inFolder(out, 'metrics.json'), 'utf8'));

function recordsFile(cache: string): string {
  const entries = join(cache, 'teacher');
  const [entry] = existsSync(entries) ? readdirSync(entries) : [];
  return join(entries, entry ?? '', 'records.bin');
}

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** Waits until `happened`, while the process runs. */
async function poll({ child }: Running, happened: () => boolean): Promise<void> {
  while (!happened()) {
    if (child.exitCode !== null) throw new Error(`exit code ${child.exitCode} before the moment that was waited for`);
    await wait(5);
  }
}

let reference: Outcome;

beforeAll(async () => {
  writeMessages(folder);
  reference = await retort(distillArgs('reference', '--threads', '2'), { cwd: folder });
}, 120_000);

describe('retort distill', () => {
  it('exits 0 and leaves students, teacher, metrics, record and report, and nothing else', () => {
    expect(reference.code, reference.stderr).toBe(0);
    expect(readdirSync(inFolder('reference')).sort()).toEqual(
      [...STUDENTS, 'metrics.json', 'record.json', 'report.html', 'teacher.json'].sort(),
    );
    expect(readdirSync(folder).sort()).toEqual(['cache', 'messages.csv', 'reference', 'retort.config.json']);
  });

  it('prints a row a model and where the files are, and keeps progress on stderr', () => {
    for (const name of ['static (student, int8)', 'conv (student, int8)', 'teacher']) {
      expect(reference.stdout).toContain(`\n${name} `);
    }
    expect(reference.stdout).toContain('npx retort serve reference/static.safetensors reference/conv.safetensors');
    expect(reference.stderr).toMatch(/^TensorFlow\.js backend: wasm, asked for$/m);
    expect(reference.stderr).toMatch(/^labelling +\d+ % \(teacher/m);
    expect(reference.stderr).toMatch(/^training +\d+ % \(\d of 2 students/m);
    expect(reference.stdout).not.toMatch(/^(labelling|training) /m);
  });

  it('metrics.json has the documented fields, with figures that agree with one another', () => {
    const metrics = metricsIn('reference');
    const { dataset, teacher, students, runs } = metrics;
    expect(Object.keys(metrics)).toEqual(
      'name dataset seeds backend teacher baselines students machine seconds runs'.split(' '),
    );
    expect(dataset).toEqual({
      name: 'messages',
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      labels: ['billing', 'delivery', 'praise'],
      train: 240 - dataset.dev - dataset.test,
      labelled: dataset.train,
      augmented: 0,
      dev: expect.any(Number),
      test: expect.any(Number),
    });
    expect(metrics).toMatchObject({ name: 'messages', seeds: [0], backend: 'wasm', baselines: [] });
    expect(students.map(({ name, family, file }) => [name, family, file])).toEqual([
      ['static', 'static', 'static.safetensors'],
      ['conv', 'conv', 'conv.safetensors'],
    ]);
    for (const [i, student] of students.entries()) {
      expect(student.bytes).toBe(studentsIn('reference')[i].length);
      expect(student.gzipBytes).toBeLessThan(student.bytes);
      expect(student.accuracy).toBeGreaterThan(1 / 3);
      expect(student.retention).toBeCloseTo(student.accuracy / teacher.accuracy, 12);
      expect(student.compression).toBeCloseTo(teacher.bytes! / student.bytes, 6);
      expect(student.speedup).toBeCloseTo(teacher.p50Ms! / student.p50Ms, 6);
      expect(student.gain).toBeNull();
      const [run] = runs[0].students.filter(({ name }) => name === student.name);
      expect(run.accuracy).toBe(student.accuracy);
      const counts = run.confusion!.flat();
      expect(counts.reduce((a, b) => a + b)).toBe(dataset.test);
      const right = run.confusion!.reduce((sum, row, label) => sum + row[label], 0);
      expect(right / dataset.test).toBeCloseTo(student.accuracy, 12);
      expect(run.history.map(({ epoch }) => epoch)).toEqual(run.history.map((_, epoch) => epoch + 1));
    }
    expect(teacher.accuracy).toBeGreaterThan(0.9);
    expect(Object.keys(metrics.seconds)).toEqual(['data', 'labelling', 'training', 'evaluation', 'latency']);
    expect(Object.keys(metrics.machine)).toEqual(['cpu', 'cores', 'node']);
  });

  it('writes students that load with their hash, their teacher and their scores', async () => {
    for (const { file, accuracy } of metricsIn('reference').students) {
      const { info } = await loadStudent(inFolder('reference', file));
      expect(info).toMatchObject({ verified: true, labels: ['billing', 'delivery', 'praise'] });
      expect(info.metrics?.accuracy).toBeCloseTo(accuracy, 12);
    }
  });

  it('writes a teacher.json that reads back', async () => {
    const { labels, members, metrics } = await readTeacher(inFolder('reference', 'teacher.json'));
    expect(labels).toEqual(['billing', 'delivery', 'praise']);
    expect(members).toHaveLength(1);
    const { model, head } = members[0];
    expect(head!.labels).toEqual(labels);
    const options = { kind: 'universal-sentence-encoder', maxCharacters: 800, maxPieces: 128 };
    expect(model).toEqual({ options, backend: 'wasm', labels, multiLabel: false });
    expect(metrics.accuracy).toBe(metricsIn('reference').teacher.accuracy);
  });

  it('writes a record of what was run, from which the same report is drawn again', async () => {
    const record = JSON.parse(readFileSync(inFolder('reference', 'record.json'), 'utf8')) as RunRecord;
    expect(record.metrics).toEqual(metricsIn('reference'));
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(record.code).toEqual({ retort: version, commit: null, modified: null });
    expect(record.config).toMatchObject({ name: 'messages', threads: 2, seeds: [0], outDir: inFolder('reference') });
    expect(Date.now() - Date.parse(record.startedAt)).toBeLessThan(3_600_000);
    const args = ['report', 'reference/record.json', '--out', 'again.html'];
    expect((await retort(args, { cwd: folder })).code).toBe(0);
    const [again, report] = [inFolder('again.html'), inFolder('reference', 'report.html')];
    expect(readFileSync(again).equals(readFileSync(report))).toBe(true);
    rmSync(again);
  });

  it('writes a report that names every student and loads nothing from anywhere', () => {
    const html = readFileSync(inFolder('reference', 'report.html'), 'utf8');
    for (const name of ['static', 'conv', 'teacher']) expect(html).toContain(name);
    expect(html).toMatch(/^<!doctype html>/i);
    const links = [...html.matchAll(/\b(?:src|srcset|href|action|data)\s*=\s*["']?([^"'\s>]*)/gi)].map(([, to]) => to);
    expect(links.filter((to) => !to.startsWith('#') && !to.startsWith('data:'))).toEqual([]);
    expect(html).not.toMatch(/url\(|@import|\bfetch\(|XMLHttpRequest|import\(/);
  });

  it('gives the same bytes with another number of threads, and --json prints metrics.json', async () => {
    const { code, stdout, stderr } = await retort(
      distillArgs('again', '--threads', '1', '--json', '--tensorboard', inFolder('again', 'logs')),
      { cwd: folder },
    );
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('labelling');
    expect(studentsIn('again')).toEqual(studentsIn('reference'));
    expect(JSON.parse(stdout)).toEqual(metricsIn('again'));
    expect(readdirSync(inFolder('again', 'logs', 'messages')).sort()).toEqual(['conv-seed-0', 'static-seed-0']);
    expect(metricsIn('again').dataset).toEqual(metricsIn('reference').dataset);
  });
});

describe('a run that is stopped', () => {
  it('by Ctrl-C, then by SIGKILL, while the teacher labels, goes on and gives the same bytes', async () => {
    const stopped = temporaryFolder('stopped');
    writeMessages(stopped);
    const records = (): string => recordsFile(join(stopped, 'cache'));
    const stopWhenGrown = async (signal: NodeJS.Signals): Promise<{ outcome: Outcome; bytes: Buffer }> => {
      const before = sizeOf(records());
      const running = startRetort(['distill', '--threads', '1'], { cwd: stopped });
      await poll(running, () => sizeOf(records()) > before);
      running.child.kill(signal);
      const outcome = await running.outcome;
      return { outcome, bytes: readFileSync(records()) };
    };

    const first = await stopWhenGrown('SIGINT');
    expect(first.outcome.code).toBe(130);
    expect(first.outcome.stdout).toBe('');
    expect(first.outcome.stderr).toMatch(/^retort: stopped; what is done is kept, the same command goes on/m);
    expect(first.bytes.length % RECORD_BYTES).toBe(0);
    expect(readdirSync(join(records(), '..')).sort()).toEqual(['entry.json', 'records.bin']);

    const second = await stopWhenGrown('SIGKILL');
    expect(second.outcome.code).toBeNull();
    expect(second.bytes.length).toBeGreaterThan(first.bytes.length);
    expect(second.bytes.length).toBeLessThan(240 * RECORD_BYTES);

    const { code, stderr } = await retort(['distill'], { cwd: stopped });
    expect(code, stderr).toBe(0);
    expect(STUDENTS.map((name) => readFileSync(join(stopped, 'out', name)))).toEqual(studentsIn('reference'));
    const bytes = readFileSync(records());
    expect(bytes.length).toBe(240 * RECORD_BYTES);
    // What was there is still there, to the last whole record: it was not labelled again.
    const kept = second.bytes.length - (second.bytes.length % RECORD_BYTES);
    expect(bytes.subarray(0, kept)).toEqual(second.bytes.subarray(0, kept));
  });

  it('by Ctrl-C while students train exits 130, leaves no student, and lets the next run in', async () => {
    const running = startRetort(distillArgs('interrupted', '--threads', '2'), { cwd: folder });
    await running.until(/^training /m);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.outcome;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/^retort: stopped; what is done is kept/m);
    expect(readdirSync(inFolder('interrupted'))).toEqual(['.retort-checkpoints']);
    expect(readdirSync(join(recordsFile(inFolder('cache')), '..')).sort()).toEqual(['entry.json', 'records.bin']);
  });

  it('by SIGKILL while students train goes on from the checkpoint and gives the same bytes', async () => {
    const running = startRetort(distillArgs('killed', '--threads', '1'), { cwd: folder });
    const file = inFolder('killed', '.retort-checkpoints', 'conv-distilled-0.bin');
    const checkpointNow = (): Checkpoint => (deserialize(readFileSync(file)) as { checkpoint: Checkpoint }).checkpoint;
    await poll(running, () => existsSync(file) && checkpointNow().epochs > 0);
    running.child.kill('SIGKILL');
    expect((await running.outcome).code).toBeNull();
    expect(readdirSync(inFolder('killed'))).toEqual(['.retort-checkpoints']);
    const checkpoint = checkpointNow();

    const { code, stderr } = await retort(distillArgs('killed', '--threads', '2'), { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(studentsIn('killed')).toEqual(studentsIn('reference'));
    expect(readdirSync(inFolder('killed'))).not.toContain('.retort-checkpoints');
    // The seconds that an epoch took are those that the checkpoint brought: these epochs were not run again.
    const { history } = metricsIn('killed').runs[0].students[1];
    expect(checkpoint.epochs).toBeLessThan(history.length);
    expect(history.slice(0, checkpoint.epochs)).toEqual(checkpoint.history);
  });
});
