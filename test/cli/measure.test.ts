import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTeacher } from '../../src/train/teachers/saved-teacher.ts';
import type { Comparison } from '../../src/worker/index.ts';
import { retort } from '../support/retort.ts';
import {
  convStudent,
  embedStudent,
  imageStudent,
  pairStudent,
  staticStudent,
  studentBytes,
  tagStudent,
} from '../support/students.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { untrainedTeacher } from '../support/untrained-teacher.ts';
import { WORD_LOGIT, wordStudent } from '../support/word-student.ts';

interface BenchReport {
  readonly characters: number;
  readonly results: readonly {
    readonly name: string;
    readonly backend: string;
    readonly bytes: number;
    readonly memoryBytes: number;
    readonly loadMs: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
  }[];
}

describe('retort bench', () => {
  const folder = temporaryFolder('bench');
  const files = [staticStudent(), convStudent(), pairStudent(), imageStudent(), tagStudent(), embedStudent()];
  const paths = files.map((_, i) => join(folder, `${i}.safetensors`));

  beforeAll(async () => {
    for (const [i, file] of files.entries()) writeFileSync(paths[i], await studentBytes(file));
  });

  it('--json has size, memory, load time and latency of every student, whatever it reads or does, in the order given', async () => {
    const { code, stdout, stderr } = await retort(['bench', ...paths, '--text', 'hello', '--runs', '20', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { characters, results }: BenchReport = JSON.parse(stdout);
    expect(characters).toBe(5);
    expect(results.map(({ name, bytes }) => [name, bytes])).toEqual(
      files.map(({ spec }, i) => [spec.name, statSync(paths[i]).size]),
    );
    for (const { backend, memoryBytes, loadMs, p50Ms, p95Ms } of results) {
      expect(backend).toBe('simd');
      expect(memoryBytes).toBeGreaterThan(0);
      expect(loadMs).toBeGreaterThan(0);
      expect(p50Ms).toBeGreaterThan(0);
      expect(p95Ms).toBeGreaterThanOrEqual(p50Ms);
    }
  });

  it('prints a table, and reads the text from a file', async () => {
    const text = join(folder, 'text.txt');
    writeFileSync(text, 'seven77');
    const { code, stdout } = await retort(['bench', paths[0], '--text-file', text, '--runs', '5']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^7 characters +backend +size +load ms +p50 ms +p95 ms\n─.*\ntest-static +simd .*\n$/);
  });

  it('exits 2 where the text comes from two places, or from a file that is not there', async () => {
    const both = await retort(['bench', paths[0], '--text', 'a', '--text-file', 'b']);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('got both') });
    const missing = await retort(['bench', paths[0], '--text-file', join(folder, 'missing.txt')]);
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('missing.txt: expected a readable file'),
    });
  });
});

describe('retort compare', () => {
  const folder = temporaryFolder('compare');
  const paths = ['one', 'two'].map((name) => join(folder, `${name}.safetensors`));

  beforeAll(async () => {
    writeFileSync(paths[0], await wordStudent('one', ['ham', 'spam']));
    writeFileSync(paths[1], await wordStudent('two', ['spam', 'ham', 'eggs']));
  });

  it('--json has the answers of every student to every text', async () => {
    const { code, stdout, stderr } = await retort(['compare', ...paths, '--text', 'a spam', '--text', 'ham', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { models }: Comparison = JSON.parse(stdout);
    const best = (others: number): number => Math.exp(WORD_LOGIT) / (Math.exp(WORD_LOGIT) + others);
    const answers = models.map(({ id, role, data }) => ({
      id,
      role,
      best: data.map(({ labels }) => [labels[0].label, Number(labels[0].score.toFixed(5))]),
    }));
    const share = (others: number): number => Number(best(others).toFixed(5));
    expect(answers).toEqual([
      {
        id: 'one',
        role: 'student',
        best: [
          ['spam', share(1)],
          ['ham', share(1)],
        ],
      },
      {
        id: 'two',
        role: 'student',
        best: [
          ['spam', share(2)],
          ['ham', share(2)],
        ],
      },
    ]);
    for (const { agreement_with_teacher, latency } of models) {
      expect(agreement_with_teacher).toBeNull();
      expect(latency?.p95_ms).toBeGreaterThanOrEqual(latency?.p50_ms ?? Number.POSITIVE_INFINITY);
    }
  });

  it('prints a column a text', async () => {
    const { code, stdout } = await retort(['compare', ...paths, '--text', 'a spam', '--text', 'ham']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +a spam +ham +agreement +size +p50 ms +p95 ms\n/);
    expect(stdout).toMatch(/^one \(student\) +spam \.982 +ham \.982 /m);
    expect(stdout).toMatch(/^two \(student\) +spam \.965 +ham \.965 /m);
  });

  it('shows the name of the teacher beside its id', async () => {
    const teacher = join(folder, 'untrained.json');
    await writeTeacher(teacher, await untrainedTeacher(['ham', 'spam']));
    const options = ['--text', 'ham', '--runs', '1', '--teacher', teacher];
    const { code, stdout, stderr } = await retort(['compare', paths[0], ...options]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^one \(student\) .*\nteacher \(test-teacher\) /m);
  });

  it('exits 2 where two students share a name, and says which', async () => {
    const { code, stderr } = await retort(['compare', paths[0], paths[0], '--text', 'ham']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/one\.safetensors: expected a name of its own, got \S+\.one, as/);
  });

  it('exits 2 where teacher.json is none', async () => {
    const teacher = join(folder, 'teacher.json');
    writeFileSync(teacher, '{"kind":"another"}');
    const { code, stderr } = await retort(['compare', paths[0], '--text', 'ham', '--teacher', teacher]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${teacher}: expected a teacher.json of retort distill`);
  });

  it('exits 2 where more runs are asked for than the server makes', async () => {
    const { code, stderr } = await retort(['compare', paths[0], '--text', 'ham', '--runs', '21']);
    expect(code).toBe(2);
    expect(stderr).toContain('runs');
  });
});
