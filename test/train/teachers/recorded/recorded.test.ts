import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/format/index.ts';
import { labelTexts } from '../../../../src/train/labelling/label-texts.ts';
import { recorded } from '../../../../src/train/teachers/recorded/recorded.ts';
import type { RecordedConfig, RecordedOptions } from '../../../../src/train/teachers/recorded/recorded-config.ts';
import type { ModelSpec } from '../../../../src/train/teachers/teacher.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder('recorded');
const path = join(folder, 'answers.jsonl');

function specOf(lines: readonly unknown[], config: Partial<RecordedConfig> = {}, multiLabel = false) {
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  const options = v.parse(recorded.schema, { kind: 'recorded', path, ...config });
  return { options, backend: 'cpu', labels: ['a', 'b', 'c'], multiLabel } as ModelSpec<RecordedOptions>;
}

async function answersTo(texts: readonly string[], ...spec: Parameters<typeof specOf>) {
  return (await recorded.load(specOf(...spec))).run(texts);
}

const GOOD = { text: 'x', probabilities: { a: 0.7, b: 0.2, c: 0.1 } };

describe('recorded answers', () => {
  it('are logarithms of probabilities, by label or in the order of the labels', async () => {
    const lines = [
      { text: 'x', probabilities: { c: 0.25, a: 0.5, b: 0.25 }, other: 'field' },
      '',
      { text: 'y', probabilities: [0, 1, 0] },
    ];
    const [x, y] = await answersTo(['x', 'y'], lines);
    expect(x).toEqual(Float32Array.of(Math.log(0.5), Math.log(0.25), Math.log(0.25)));
    expect(y).toEqual(Float32Array.of(Math.log(1e-6), 0, Math.log(1e-6)));
  });

  it('are logits as they stand, of lists in the order that the config gives', async () => {
    const lines = [
      { text: 'x', logits: [3.5, -1, 1e30] },
      { text: 'y', logits: { c: 3, b: 2, a: 1 } },
    ];
    const outputs = await answersTo(['y', 'x'], lines, { labels: ['b', 'c', 'a'] });
    expect(outputs).toEqual([Float32Array.of(1, 2, 3), Float32Array.of(1e30, 3.5, -1)]);
  });

  it('are log-odds of probabilities where a text may have several labels', async () => {
    const [logits] = await answersTo(['x'], [{ text: 'x', probabilities: [0.75, 0.5, 1] }], {}, true);
    expect(logits[0]).toBeCloseTo(Math.log(3), 6);
    expect(logits[1]).toBe(0);
    expect(logits[2]).toBeCloseTo(Math.log(999_999), 6);
  });

  it('may have another key for the text, a byte-order mark, CRLF, and the same line twice', async () => {
    const line = JSON.stringify({ body: 'x', logits: [1, 2, 3] });
    const [logits] = await answersTo(['x'], [`\uFEFF${line}\r`, `${line}\r`], { textKey: 'body' });
    expect(logits).toEqual(Float32Array.of(1, 2, 3));
  });

  it('throw missing_answers before anything is labelled, with the number of texts and the first', async () => {
    const model = specOf([GOOD]);
    const texts = ['x', ...Array.from({ length: 3000 }, (_, i) => `text ${i}`)];
    const labelled = labelTexts(texts, { model, cacheDir: folder, workers: 1 });
    await expect(labelled).rejects.toBeInstanceOf(InputError);
    await expect(labelled).rejects.toMatchObject({
      code: 'missing_answers',
      message: expect.stringMatching(
        /expected an answer for every text.*, got 3000 of 3001 missing, the first "text \d+"/,
      ),
    });
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"text": ', 'line 2: expected a JSON object, got '],
    ['a list', [1], 'line 2: expected a JSON object, got [1]'],
    ['no text', { logits: [1, 2, 3] }, 'line 2: expected a text in text, got undefined'],
    ['no answer', { text: 'y' }, 'in either probabilities or logits, by label or as a list, got text'],
    ['both', { text: 'y', logits: [1, 2, 3], probabilities: [1, 0, 0] }, 'got text, logits, probabilities'],
    ['a null', { text: 'y', logits: [1, null, 3] }, 'in either probabilities or logits'],
    ['a value too few', { text: 'y', logits: [1, 2] }, 'expected 3 values, one a label, got 2'],
    ['a label too few', { text: 'y', logits: { a: 1, b: 2 } }, 'expected the labels a, b, c, got them without c'],
    ['another label', { text: 'y', logits: { a: 1, b: 2, d: 3 } }, 'got them without c and with d'],
    ['an infinite logit', '{"text": "y", "logits": [1, 2, 1e999]}', 'expected finite logits, got Infinity'],
    ['a logit beyond F32', { text: 'y', logits: [1, 2, 1e39] }, 'expected finite logits, got 1e+39'],
    [
      'a probability above 1',
      { text: 'y', probabilities: [1.5, -0.5, 0] },
      'expected probabilities from 0 to 1, got 1.5',
    ],
    ['a sum of 0.9', { text: 'y', probabilities: [0.5, 0.4, 0] }, 'add up to 1, got a sum of 0.9'],
    [
      'another answer for a text',
      { text: 'x', probabilities: [1, 0, 0] },
      'expected one answer a text, got another one',
    ],
  ])('throw invalid_teacher, naming the line, for %s', async (_, line, message) => {
    const loading = recorded.load(specOf([GOOD, line]));
    await expect(loading).rejects.toMatchObject({ code: 'invalid_teacher', message: expect.stringContaining(message) });
    await expect(loading).rejects.toThrow(`${path}, line 2: `);
  });

  it('throw invalid_teacher where the config gives other labels, or there is no file', async () => {
    const wrong = recorded.load(specOf([GOOD], { labels: ['a', 'b', 'b'] }));
    await expect(wrong).rejects.toThrow('labels of the config: expected the labels a, b, c, got them without c');
    const spec = specOf([GOOD], { path: join(folder, 'none.jsonl') });
    await expect(recorded.identify(spec)).rejects.toMatchObject({
      code: 'invalid_teacher',
      message: /got no such file/,
    });
  });

  it('have the id of the content of the file, of what is read of it, and of the labels', async () => {
    const idOf = async (...spec: Parameters<typeof specOf>) => (await recorded.identify(specOf(...spec))).id;
    const id = await idOf([GOOD]);
    expect(await idOf([GOOD])).toBe(id);
    const others = [
      await idOf([GOOD, '']),
      await idOf([GOOD], { textKey: 'body' }),
      await idOf([GOOD], { labels: ['c', 'b', 'a'] }),
      await idOf([GOOD], {}, true),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });
});
