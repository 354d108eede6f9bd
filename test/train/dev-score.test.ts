import { describe, expect, it } from 'vitest';
import { type DevScore, devScore, scoreRows } from '../../src/train/dev-score.ts';
import { stackRows } from '../../src/train/losses/loss.ts';

const LABELS = ['spam', 'meeting', 'invoice'];

/** Logit of a label whose word is in the text; the others have 0. */
const WORD_LOGIT = 4;

interface DevRow {
  readonly text: string;
  readonly target: readonly number[];
  readonly teacher?: readonly number[];
}

/** Scores a network that knows a text by the words of its labels, in batches of so many rows. */
function score(rows: readonly DevRow[], multiLabel = false, batchSize = rows.length): DevScore {
  const hasTeacher = rows[0].teacher !== undefined;
  let sums: readonly number[] = [0, 0, 0];
  for (let at = 0; at < rows.length; at += batchSize) {
    const batch = rows.slice(at, at + batchSize);
    const logits = stackRows(batch.map(({ text }) => LABELS.map((label) => (text.includes(label) ? WORD_LOGIT : 0))));
    const targets = {
      targets: batch.map(({ target }) => Float32Array.from(target)),
      teacherLogits: hasTeacher ? stackRows(batch.map(({ teacher }) => teacher!)) : null,
    };
    const part = scoreRows(logits, targets, multiLabel);
    sums = sums.map((sum, i) => sum + part[i]);
  }
  return devScore(sums, rows.length, hasTeacher);
}

/** -log p of a label whose word is in the text, and of one whose word is not, where one word is. */
const HIT = Math.log(Math.exp(WORD_LOGIT) + 2) - WORD_LOGIT;
const MISS = Math.log(Math.exp(WORD_LOGIT) + 2);

describe('the score on dev', () => {
  it('is the mean cross-entropy, the accuracy and the agreement with the teacher, within 1e-6', () => {
    const { loss, accuracy, agreement } = score([
      { text: 'meeting', target: [0, 1, 0], teacher: [0, 1, 0] },
      { text: 'an invoice', target: [0, 1, 0], teacher: [-3, -2, -1] },
      { text: 'spam and a longer text', target: [1, 0, 0], teacher: [0, 0, 9] },
      { text: 'no such word', target: [0, 0, 1], teacher: [0, 2, 1] },
    ]);
    expect(loss).toBeCloseTo((2 * HIT + MISS + Math.log(3)) / 4, 6);
    expect([accuracy, agreement]).toEqual([0.5, 0.5]);
  });

  it('has no agreement without a teacher', () => {
    expect(score([{ text: 'spam', target: [1, 0, 0] }])).toMatchObject({ accuracy: 1, agreement: null });
  });

  it('compares all labels of a text where it may have several', () => {
    const rows: DevRow[] = [
      { text: 'spam invoice', target: [1, 0, 1], teacher: [1, -1, -1] },
      { text: 'meeting', target: [1, 1, 0], teacher: [-1, 1, -1] },
      { text: 'nothing', target: [0, 0, 0], teacher: [-1, -1, -1] },
    ];
    const { loss, accuracy, agreement } = score(rows, true);
    // Three labels have a logit of 4 and are gold; six have one of 0, which costs log 2 either way.
    expect(loss).toBeCloseTo((3 * Math.log1p(Math.exp(-WORD_LOGIT)) + 6 * Math.LN2) / 9, 6);
    expect([accuracy, agreement]).toEqual([2 / 3, 2 / 3]);
  });

  it('weighs rows equally whatever the batches: 130 rows, a batch of two among them', () => {
    const oneHot = (label: number): number[] => LABELS.map((_, i) => Number(i === label % 3));
    const rows: DevRow[] = Array.from({ length: 130 }, (_, i) => ({
      text: `${'word '.repeat(i % 7)}${LABELS[i % 3]}`,
      target: oneHot(i % 10 === 0 ? i + 1 : i),
      teacher: oneHot(i % 2),
    }));
    const { loss, accuracy, agreement } = score(rows, false, 64);
    expect(accuracy).toBe(117 / 130);
    expect(loss).toBeCloseTo((117 * HIT + 13 * MISS) / 130, 6);
    const agreed = rows.filter((_, i) => i % 3 === i % 2).length;
    expect(agreement).toBe(agreed / 130);
  });
});
