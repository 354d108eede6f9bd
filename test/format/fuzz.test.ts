import { describe, expect, it } from 'vitest';
import { FORMAT_RULES, StudentFormatError, type StudentSpec } from '../../src/format/index.ts';
import { type PredictorInput, readStudent } from '../../src/runtime/node.ts';
import { dice, mutateAnywhere, mutateOnPurpose } from '../support/fuzz.ts';
import {
  convStudent,
  embedStudent,
  imageStudent,
  pairStudent,
  seeded,
  staticStudent,
  studentBytes,
  tagStudent,
  transformerStudent,
} from '../support/students.ts';

const MUTANTS = 20_000;
const SEED = 20;
const TEXTS = ['', 'you won a prize! 日本 😀', 'free '.repeat(40)];

/** Some of what a student reads. */
function inputsOf({ input }: StudentSpec): readonly PredictorInput[] {
  if (input === undefined) return TEXTS;
  if (input.kind === 'pair') return TEXTS.map((text) => ({ text, pair: TEXTS[1] }));
  return [0, 77].map((byte) => new Uint8Array(input.height * input.width * input.channels).fill(byte));
}

/** Loads a mutant and predicts; gives the rule that refused it, or null where it runs. */
function outcome(bytes: Uint8Array): string | null {
  try {
    const student = readStudent(bytes);
    const { task, labels, spec } = student.info;
    const inputs = inputsOf(spec);
    if (task === 'tag') student.tag(TEXTS);
    else if (task === 'embed') student.embed(inputs);
    else if (student.predict(inputs).some((one) => one.labels.length !== labels.length)) throw new Error('no label');
    return null;
  } catch (error) {
    if (error instanceof StudentFormatError) return error.rule;
    throw error;
  }
}

describe('a mutated student file', () => {
  it(`throws StudentFormatError or predicts without a trap; each rule is hit 100 times and 30 % load (${MUTANTS} mutants)`, {
    timeout: 300_000,
  }, async () => {
    const files = await Promise.all([
      studentBytes(staticStudent({ labels: ['a', 'b', 'c'], hiddenSize: 384 })),
      studentBytes(convStudent({ hiddenSize: 192 })),
      studentBytes(convStudent({ hiddenSize: 48, precision: 'float32' })),
      studentBytes(transformerStudent({ hiddenSize: 96 })),
      studentBytes(transformerStudent({ hiddenSize: 24, precision: 'float32' })),
      studentBytes(convStudent({ hiddenSize: 192, vocabulary: 'wordpiece' })),
      studentBytes(convStudent({ hiddenSize: 192, vocabulary: 'bpe' })),
      studentBytes(convStudent({ hiddenSize: 192, vocabulary: 'rankedBpe' })),
      studentBytes(convStudent({ hiddenSize: 192, vocabulary: 'framedUnigram' })),
      studentBytes(pairStudent({ hiddenSize: 48 })),
      studentBytes(imageStudent()),
      studentBytes(tagStudent({ hiddenSize: 192, vocabulary: 'wordpiece' })),
      studentBytes(embedStudent({ hiddenSize: 192 })),
    ]);
    const d = dice(seeded(SEED));
    const hits = new Map<string | null, number>();
    for (let i = 0; i < MUTANTS; i++) {
      const file = d.pick(files);
      const mutant = i % 2 === 0 ? mutateOnPurpose(file, i / 2, d) : mutateAnywhere(file, d);
      let rule: string | null;
      try {
        rule = outcome(mutant);
      } catch (cause) {
        throw new Error(`mutant ${i} of seed ${SEED}`, { cause });
      }
      hits.set(rule, (hits.get(rule) ?? 0) + 1);
    }
    const rare = Object.keys(FORMAT_RULES).filter((rule) => (hits.get(rule) ?? 0) < 100);
    expect(rare, JSON.stringify(Object.fromEntries(hits))).toEqual([]);
    expect(hits.get(null)! / MUTANTS).toBeGreaterThanOrEqual(0.3);
  });
});
