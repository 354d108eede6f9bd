import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SideBySide } from '../../src/cli/side-by-side.ts';
import { readStudent } from '../../src/runtime/node.ts';
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
import { WORD_LOGIT, wordEmbedder, wordStudent, wordTagger } from '../support/word-student.ts';

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

  it('heads the table with the size of what is read, which stands in each row where students read different things', async () => {
    const heading = async (...of: readonly string[]): Promise<string> =>
      (await retort(['bench', ...of, '--runs', '5'])).stdout;
    expect(await heading(paths[3])).toMatch(/^6 x 5 pixels +backend .*\n─.*\ntest-image +simd /);
    const mixed = await heading(paths[0], paths[2], paths[3]);
    expect(mixed).toMatch(
      /^ +backend .*\n─.*\ntest-static, \d+ characters +simd .*\ntest-pair, 2 x \d+ characters +simd /,
    );
    expect(mixed).toMatch(/^test-image, 6 x 5 pixels +simd /m);
    const { stdout } = await retort(['bench', paths[3], '--runs', '5', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ characters: null, results: [{ input: '6 x 5 pixels' }] });
  });

  it('exits 2 where a text is given and every student reads images', async () => {
    expect(await retort(['bench', paths[3], '--text', 'a'])).toMatchObject({
      code: 2,
      stderr: 'retort: bench: expected no text for students that read images, got --text; leave it out\n',
    });
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

  it('shows texts that would break a line of its table escaped', async () => {
    const texts = ['--text', 'ham\nspam', '--text', '\u001b[1m\tspam\u2028'];
    const { code, stdout, stderr } = await retort(['compare', paths[0], ...texts, '--runs', '1']);
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(stdout).toMatch(/^ +ham\\nspam +\\u001b\[1m\\tspam\\u2028 +agreement /);
  });

  it('shows the entities that students find, which agree on the share of words that have the same label', async () => {
    const taggers = ['b', 'o'].map((word) => join(folder, `tagger-${word}.safetensors`));
    writeFileSync(taggers[0], await wordTagger('tagger-b', { o: 'O', b: 'B-x', i: 'I-x' }));
    writeFileSync(taggers[1], await wordTagger('tagger-o', { o: 'O', b: 'B-y', i: 'I-x' }));
    const args = ['compare', ...taggers, '--text', 'o b  i', '--text', 'o', '--runs', '5'];
    const { code, stdout, stderr } = await retort(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ +o b {2}i +o +agreement +size +p50 ms +p95 ms\n/);
    expect(stdout).toMatch(/^tagger-b \(student\) +b {2}i \(x\) +none /m);
    expect(stdout).toMatch(/^tagger-o \(student\) +b \(y\), i \(x\) +none /m);
    const { agreement, models }: SideBySide = JSON.parse((await retort([...args, '--json'])).stdout);
    // Of four words of both texts, three.
    expect(agreement).toEqual([
      [1, 3 / 4],
      [3 / 4, 1],
    ]);
    expect(models[0].data[1]).toMatchObject({ words: [{ word: 'o', start: 0, end: 1, label: 'O' }] });
    expect(models[0].latency).toMatchObject({ runs: 5, p50_ms: expect.any(Number) });
  });

  it('shows the cosine of every two texts of students that embed', async () => {
    const path = join(folder, 'embedder.safetensors');
    writeFileSync(path, await wordEmbedder('embedder', ['a', 'b']));
    const texts = ['--text', 'a', '--text', 'b a', '--text', 'b'];
    const { code, stdout, stderr } = await retort(['compare', path, ...texts, '--runs', '5']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ +a ~ b a +a ~ b +b a ~ b +agreement /);
    expect(stdout).toMatch(/^embedder \(student\) +0\.707 +0\.000 +0\.707 /m);
    const one = await retort(['compare', path, '--text', 'a']);
    expect(one).toMatchObject({ code: 2, stderr: expect.stringContaining('expected two inputs and more') });
  });

  it('has the answers of students of pairs, and of images in files', async () => {
    const [pair, image] = ['pair', 'image'].map((name) => join(folder, `${name}.safetensors`));
    const pairBytes = await studentBytes(pairStudent());
    writeFileSync(pair, pairBytes);
    const expected = readStudent(pairBytes).classify({ text: 'you won', pair: 'a prize' });
    const asked = await retort(['compare', pair, '--text', 'you won', '--pair', 'a prize', '--runs', '5', '--json']);
    expect(JSON.parse(asked.stdout).models[0].data).toEqual([{ labels: expected }]);
    const imageBytes = await studentBytes(imageStudent());
    writeFileSync(image, imageBytes);
    const pixels = new Uint8Array(60).fill(200);
    writeFileSync(join(folder, 'grey.bin'), pixels);
    const seen = await retort(['compare', image, '--image', join(folder, 'grey.bin'), '--runs', '5']);
    const [best] = readStudent(imageBytes).classify(pixels);
    expect(seen.stdout).toMatch(/^ +grey\.bin +agreement /);
    expect(seen.stdout).toContain(`test-image (student)  ${best.label} ${best.score.toFixed(3).slice(1)}`);
  });

  it('exits 2 where students read different inputs or have different tasks, and where the inputs are of another kind', async () => {
    const [pair, tagger] = ['pair', 'tagger'].map((name) => join(folder, `other-${name}.safetensors`));
    writeFileSync(pair, await studentBytes(pairStudent()));
    writeFileSync(tagger, await wordTagger('tagger', { o: 'O', b: 'B-x' }));
    const refusal = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await retort(['compare', ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refusal(paths[0], pair, '--text', 'a')).toContain('expected a student that reads texts, as');
    expect(await refusal(paths[0], tagger, '--text', 'a')).toContain('expected a student for the task classify, as');
    expect(await refusal(pair, '--text', 'a')).toContain('expected --pair for students that read pairs, got none');
    expect(await refusal(pair, '--text', 'a', '--pair', 'b', '--pair', 'c')).toContain(
      '--pair as often as --text, got 2',
    );
    expect(await refusal(paths[0])).toContain('expected --text for students that read texts, got none');
    expect(await refusal(paths[0], '--text', 'a', '--image', 'b')).toContain('expected no --image for students');
    expect(await refusal(paths[0], '--image', 'b')).toContain(
      'expected --text for students that read texts, got none; give --text alone',
    );
    expect(await refusal(pair, '--image', 'b')).toContain('; give --text and --pair alone');
  });

  it('exits 2 where an image has another size, and names its file, the size and the student', async () => {
    const [student, pixels] = [join(folder, 'sized.safetensors'), join(folder, 'small.bin')];
    writeFileSync(student, await studentBytes(imageStudent()));
    writeFileSync(pixels, new Uint8Array(59));
    expect(await retort(['compare', student, '--image', pixels])).toMatchObject({
      code: 2,
      stderr: `retort: ${pixels}: expected 60 bytes (6 x 5 pixels, 2 each) for ${student}, got 59; give the bare pixels in that size\n`,
    });
  });

  it('exits 2 where the teacher is for another task than the students, and says what to do', async () => {
    const [teacher, embedder] = [join(folder, 'other-task.json'), join(folder, 'embeds.safetensors')];
    await writeTeacher(teacher, await untrainedTeacher(['ham', 'spam']));
    writeFileSync(embedder, await wordEmbedder('embeds', ['a', 'b']));
    const { code, stderr } = await retort(['compare', embedder, '--text', 'a', '--text', 'b', '--teacher', teacher]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `retort: ${teacher}: expected a teacher for the task embed, as ${embedder}, got one for classify; name the one that it learned from, or leave it out\n`,
    );
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
