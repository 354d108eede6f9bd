import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augmentDataset } from '../../../src/train/augmentation/augment-dataset.ts';
import { type AugmentationSpec, augmentRows } from '../../../src/train/augmentation/augment-rows.ts';
import { METHOD_NAMES, METHOD_WEIGHTS, NO_METHODS } from '../../../src/train/augmentation/methods.ts';
import { contentHash } from '../../../src/train/data/content-hash.ts';
import type { Dataset, Row } from '../../../src/train/data/dataset.ts';
import { normalizeText } from '../../../src/train/data/normalize-text.ts';
import { rowOf, shuffled } from '../../support/rows.ts';

const SPEC: AugmentationSpec = { factor: 2, methods: METHOD_WEIGHTS, rate: 0.3, maskToken: '', seed: 0 };

const datasetOf = (train: readonly Row[], heldOut: readonly Row[] = []): Dataset => ({
  name: 'mails',
  labels: ['ham', 'spam'],
  multiLabel: false,
  teacherField: 'text',
  studentField: 'text',
  train,
  dev: heldOut.filter((_, i) => i % 2 === 0),
  test: heldOut.filter((_, i) => i % 2 === 1),
});

/** Short texts of few words: many variations of them are other rows, or are held out. */
const text = fc
  .array(fc.constantFrom('won', 'prize', 'meet', 'lunch', 'Order', '12'), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(' '));
const texts = fc.uniqueArray(text, { minLength: 2, maxLength: 40 });
const dataset = fc.tuple(texts, fc.array(text, { maxLength: 20 })).map(([train, heldOut]) =>
  datasetOf(
    train.map((one, i) => (i % 3 === 0 ? rowOf(one) : rowOf(one, 'spam'))),
    heldOut.map((one) => rowOf(one.toUpperCase(), 'ham')),
  ),
);
const textsOf = (rows: readonly Row[]): string[] => rows.map(({ fields }) => fields.text);
const LONG = Array.from({ length: 30 }, (_, i) =>
  rowOf(`you won prize number ${i}, call ${1000 + i} or write to win${i}@prize.org`, 'spam'),
);

describe('augmentRows', () => {
  it('makes no text that dev or test has, but for case, spaces and punctuation', () => {
    fc.assert(
      fc.property(dataset, (data) => {
        const heldOut = new Set(textsOf([...data.dev, ...data.test]).map(normalizeText));
        const { rows } = augmentRows(data, SPEC);
        expect(textsOf(rows).filter((made) => heldOut.has(normalizeText(made)))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('makes no text twice, none that the training rows have, and no more than it is told', () => {
    fc.assert(
      fc.property(dataset, fc.double({ min: 0, max: 4, noNaN: true }), (data, factor) => {
        const { rows, report } = augmentRows(data, { ...SPEC, factor });
        const all = textsOf([...data.train, ...rows]);
        expect(new Set(all).size).toBe(all.length);
        expect(rows.length).toBeLessThanOrEqual(Math.round(factor * data.train.length));
        expect(report).toMatchObject({ wanted: Math.round(factor * data.train.length), made: rows.length });
        expect(METHOD_NAMES.reduce((sum, name) => sum + report.byMethod[name], 0)).toBe(rows.length);
      }),
      { numRuns: 200 },
    );
  });

  it('makes the same rows for the same seed, whatever order the training rows come in, and others for another', () => {
    fc.assert(
      fc.property(shuffled(LONG), fc.nat(1000), (train, seed) => {
        const made = augmentRows(datasetOf(LONG), { ...SPEC, seed });
        expect(augmentRows(datasetOf(train), { ...SPEC, seed })).toEqual(made);
        expect(augmentRows(datasetOf(train), { ...SPEC, seed: seed + 1 }).rows).not.toEqual(made.rows);
      }),
      { numRuns: 20 },
    );
  });

  it.each([0.5, 1, 2.5, 4])('makes %d rows for each of texts that can be varied', (factor) => {
    expect(augmentRows(datasetOf(LONG), { ...SPEC, factor }).rows).toHaveLength(factor * LONG.length);
  });

  it('makes unlabelled rows whose id is the hash of their text, and says where each comes from', () => {
    for (const { id, fields, labels, origin } of augmentRows(datasetOf(LONG), SPEC).rows) {
      expect(labels).toBeNull();
      expect(id).toBe(contentHash({ text: fields.text }));
      expect(LONG.map((row) => row.id)).toContain(origin?.id);
      expect(METHOD_NAMES).toContain(origin?.method);
    }
  });

  it('draws the methods that have a weight alone', () => {
    const { report } = augmentRows(datasetOf(LONG), { ...SPEC, methods: { ...NO_METHODS, mask: 1, case: 3 } });
    const { mask, case: changed, ...others } = report.byMethod;
    expect(changed).toBeGreaterThan(mask);
    expect(mask).toBeGreaterThan(0);
    expect(new Set(Object.values(others))).toEqual(new Set([0]));
  });

  it('gives up on texts that cannot be varied, and counts its attempts', () => {
    const { rows, report } = augmentRows(datasetOf([rowOf(':-)'), rowOf('...')]), SPEC);
    expect(rows).toEqual([]);
    expect(report).toMatchObject({ wanted: 4, made: 0, repeated: 32, heldOut: 0 });
  });

  it('counts what it leaves out because it is held out', () => {
    const methods = { ...NO_METHODS, case: 1 };
    const { rows, report } = augmentRows(datasetOf([rowOf('you won')], [rowOf('You won!', 'spam')]), {
      ...SPEC,
      methods,
    });
    expect(rows).toEqual([]);
    expect(report.heldOut).toBe(16);
  });

  it('refuses a dataset whose teacher reads another field than its student', () => {
    const other = { ...datasetOf(LONG), teacherField: 'caption' };
    expect(() => augmentRows(other, SPEC)).toThrow(
      /^augment: expected one field for teacher and student, got caption and text/,
    );
  });
});

describe('augmentDataset', () => {
  it('puts the rows behind the training rows, leaves dev and test alone, and tells what it made', () => {
    const lines: string[] = [];
    const data = datasetOf(LONG, [rowOf('lunch', 'ham'), rowOf('dinner', 'ham')]);
    const { train, ...rest } = augmentDataset(data, SPEC, (line) => lines.push(line));
    expect(train.slice(0, LONG.length)).toEqual(LONG);
    expect(train.slice(LONG.length)).toEqual(augmentRows(data, SPEC).rows);
    expect({ ...rest, train: LONG }).toEqual(data);
    expect(lines).toEqual([
      expect.stringMatching(
        /^augment: 60 of 60 rows made \(mask \d+, replace \d+, .*\); left out \d+ that were there already and 0 that are in dev or test$/,
      ),
    ]);
  });

  it('changes nothing where no rows are asked for', () => {
    const data = datasetOf(LONG);
    expect(augmentDataset(data, null)).toBe(data);
  });
});
