/** Small transfer sets with a rule that can be learned, for tests of training. */
import { createRandom } from '../../src/train/random.ts';
import type { TransferSet } from '../../src/train/transfer-set.ts';

const WORDS: readonly (readonly string[])[] = [
  ['won', 'prize', 'free', 'cash', 'click'],
  ['meet', 'noon', 'lunch', 'notes', 'agenda'],
  ['refund', 'invoice', 'charge', 'billing', 'card'],
];
const COMMON = ['the', 'a', 'you', 'today', 'please', 'with', 'for', 'now', 'team', 'hello'];

/** What to make. */
export interface ToyOptions {
  readonly rows: number;
  readonly seed: number;
  readonly numLabels?: number;
  readonly multiLabel?: boolean;
  /** Share of rows that are labelled. */
  readonly labelled?: number;
  /** Adds logits of a teacher that is right, and features `[8]` that follow from them. */
  readonly teacher?: boolean;
}

/** Texts of common words, with words of each label that they have. */
export function toyTransferSet(options: ToyOptions): TransferSet {
  const { rows, seed, numLabels = 2, multiLabel = false, labelled = 1, teacher = false } = options;
  const random = createRandom(seed);
  const pick = (words: readonly string[]): string => words[Math.floor(random.uniform() * words.length)];
  const texts: string[] = [];
  const targets: (Float32Array | null)[] = [];
  const logits: Float32Array[] = [];
  for (let row = 0; row < rows; row++) {
    const target = new Float32Array(numLabels);
    if (multiLabel) for (let label = 0; label < numLabels; label++) target[label] = random.uniform() < 0.5 ? 1 : 0;
    else target[row % numLabels] = 1;
    const words = Array.from({ length: 6 }, () => pick(COMMON));
    for (const [label, value] of target.entries()) if (value === 1) words.push(pick(WORDS[label]), pick(WORDS[label]));
    random.shuffle(words);
    texts.push(words.join(' '));
    targets.push(random.uniform() < labelled ? target : null);
    logits.push(target.map((value) => (value === 1 ? 3 : -3)));
  }
  return {
    labels: Array.from({ length: numLabels }, (_, i) => `label${i}`),
    multiLabel,
    inputs: texts,
    targets,
    teacherLogits: teacher ? logits : null,
    teacherFeatures: teacher
      ? logits.map((z) => Float32Array.from({ length: 8 }, (_, i) => z[i % numLabels] + i))
      : null,
  };
}
