import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeStudent, parseStudent, type StudentFile, type StudentSpec } from '../../../src/format/index.ts';
import { createTokenizer, type Limits } from '../../../src/runtime/index.ts';
import { pruneVocabulary } from '../../../src/train/tokenizers/prune-vocabulary.ts';
import { parseTokenizer } from '../../../src/train/tokenizers/tokenizer-json.ts';
import { pieceBytes, piecesOf, unigramVocabulary, type Vocabulary } from '../../../src/train/tokenizers/vocabulary.ts';
import { readGolden } from '../../runtime/tokenizers/golden.ts';
import { sentenceEncoderVocabulary } from '../../support/sentence-encoder.ts';
import { randomTensors, seeded } from '../../support/students.ts';
import { TEXTS } from '../../support/texts.ts';

const limits: Limits = { maxCharacters: 200, maxTokens: 100 };

/** The pieces that a text is cut into; `null` is unknown. */
function segments(vocabulary: Vocabulary, text: string, within = limits): (string | null)[] {
  const tokenizer = createTokenizer(vocabulary.spec, within, vocabulary.tensors);
  const { count } = tokenizer.encode(text);
  const pieces = piecesOf(vocabulary);
  const { unknownId } = vocabulary.spec;
  return Array.from(tokenizer.ids.slice(0, count), (id) => (id === unknownId ? null : pieces[id]));
}

/** The smallest student that reads a vocabulary. */
function studentOf({ spec: tokenizer, tensors }: Vocabulary): StudentFile {
  const spec: StudentSpec = {
    name: 'smallest',
    family: 'conv',
    task: { kind: 'classify', labels: ['a', 'b'], multiLabel: false },
    tokenizer,
    ...limits,
    layers: [{ kind: 'embedding', vocabSize: tokenizer.vocabSize, hiddenSize: 2 }, { kind: 'maxPool' }],
  };
  return { spec, provenance: {}, tensors: new Map([...randomTensors(spec, 'int8', seeded(1)), ...tensors]) };
}

/** Longer pieces are likelier; the last piece is never used below. */
const PIECES = ['<s>', '<unk>', '\u2581', '\u2581free', 'free', '\u2581cash', '日本', ...'frecash', 'x'];
const SCORES = Float32Array.from(PIECES, (piece, id) => -20 + 2 * piece.length - id / 64);
const SMALL = unigramVocabulary(PIECES, SCORES, { unknownId: 1, controlIds: [0] });
const MAILS = ['free free cash', '日本'];

describe('pruneVocabulary', () => {
  it('keeps unknown, the pieces of the texts and their single characters, in the old order, with their scores', () => {
    const { vocabulary, coverage } = pruneVocabulary(SMALL, MAILS, limits, 10);
    const kept = PIECES.filter((piece) => !['<s>', 'free', 'x'].includes(piece));
    const scores = Float32Array.from(kept, (piece) => SCORES[PIECES.indexOf(piece)]);
    expect(vocabulary).toEqual(unigramVocabulary(kept, scores, { unknownId: 0, controlIds: [] }));
    expect(coverage).toEqual({ pieces: 12, piecesBefore: 15, unknown: 0, unknownBefore: 0 });
  });

  it('keeps the most frequent pieces where not all may stay, and reports the tokens that became unknown: 1 of 9', () => {
    const { vocabulary, coverage } = pruneVocabulary(SMALL, MAILS, limits, 1);
    expect(segments(SMALL, MAILS[0])).toEqual(['\u2581free', '\u2581free', '\u2581cash']);
    expect(segments(vocabulary, MAILS[0])).toEqual(['\u2581free', '\u2581free', '\u2581', 'c', 'a', 's', 'h']);
    expect(segments(vocabulary, MAILS[1])).toEqual(['\u2581', null]);
    expect(coverage.unknown).toBeCloseTo(1 / 9, 15);
    expect(coverage.unknownBefore).toBe(0);
  });

  it('reports what was unknown before: 1 of 4', () => {
    const { coverage } = pruneVocabulary(SMALL, ['日本 ü'], limits, 10);
    expect(segments(SMALL, '日本 ü')).toEqual(['\u2581', '日本', '\u2581', null]);
    expect(coverage.unknownBefore).toBe(0.25);
    expect(coverage.unknown).toBe(0.25);
  });

  it('keeps of equally frequent pieces those of the smaller ids', () => {
    const { vocabulary } = pruneVocabulary(SMALL, ['cash free'], limits, 1);
    expect(piecesOf(vocabulary)).toContain('\u2581free');
    expect(piecesOf(vocabulary)).not.toContain('\u2581cash');
  });

  it('counts what the limits let a student read', () => {
    const { vocabulary } = pruneVocabulary(SMALL, ['free cash'], { ...limits, maxCharacters: 4 }, 10);
    expect(piecesOf(vocabulary)).toContain('\u2581free');
    expect(piecesOf(vocabulary)).not.toContain('\u2581cash');
  });

  it('of texts without a token keeps unknown and the space', () => {
    const { vocabulary, coverage } = pruneVocabulary(SMALL, ['', ' '], limits, 10);
    expect(piecesOf(vocabulary)).toEqual(['<unk>', '\u2581']);
    expect(coverage).toMatchObject({ unknown: 0, unknownBefore: 0 });
  });

  describe("of the teacher's 8,000 pieces", () => {
    let whole: Vocabulary;
    beforeAll(async () => {
      whole = await sentenceEncoderVocabulary();
    });
    const words = fc.array(fc.constantFrom('free', 'CASH', 'Köln', 'naïve', '日本', '25 %', 'e-mail', '😀', 'qxz'));

    it('segments the texts as before where no piece that they use had to go', () => {
      fc.assert(
        fc.property(fc.array(words, { maxLength: 4 }), (lists) => {
          const texts = [...TEXTS, ...lists.map((list) => list.join(' '))];
          const { vocabulary, coverage } = pruneVocabulary(whole, texts, limits, 8000);
          for (const text of texts) expect(segments(vocabulary, text)).toEqual(segments(whole, text));
          expect(coverage.unknown).toBe(coverage.unknownBefore);
          expect(coverage.pieces).toBeLessThan(300);
        }),
        { numRuns: 10 },
      );
    });

    it('makes no character unknown that has a piece of its own, however few pieces are left', () => {
      const texts = TEXTS.slice(1, 3);
      for (const maxPieces of [1, 5, 25]) {
        const { vocabulary, coverage } = pruneVocabulary(whole, texts, limits, maxPieces);
        expect(coverage.unknown).toBe(0);
        const longer = piecesOf(vocabulary).filter((piece) => piece.length > 1);
        expect(longer.length).toBeLessThanOrEqual(maxPieces);
        for (const text of texts) {
          const pieces = segments(vocabulary, text, { maxCharacters: 200, maxTokens: 200 });
          expect(pieces.join('').replaceAll('\u2581', ' ').trim()).toBe(text);
        }
      }
    });
  });

  describe.each(['wordpiece', 'bpe'])('of a vocabulary of %s', (kind) => {
    const golden = readGolden(`${kind}-golden.json`);
    const known = golden.texts.filter((text) => !/[^ -\u024f]/.test(text)).slice(0, 40);

    describe.each(Object.entries(golden.tokenizers))('%s', (_, { tokenizer }) => {
      const whole = parseTokenizer(tokenizer);
      const plain = { ...whole, spec: { ...whole.spec, prefixIds: [], suffixIds: [] } } as Vocabulary;

      /** The bytes of the tokens of a text; null for unknown. */
      const tokens = (vocabulary: Vocabulary, text: string): (string | null)[] => {
        const { spec, tensors } = vocabulary;
        const bytes = pieceBytes(vocabulary);
        const tokenizer = createTokenizer(spec, limits, tensors);
        const { count } = tokenizer.encode(text);
        const hex = (id: number): string => Buffer.from(bytes[id]).toString('hex');
        return Array.from(tokenizer.ids.slice(0, count), (id) => (id === spec.unknownId ? null : hex(id)));
      };

      it('cuts the texts as before where no piece that they use had to go, and has no special tokens', () => {
        const { vocabulary, coverage } = pruneVocabulary(whole, known, limits, 10_000);
        for (const text of known) expect(tokens(vocabulary, text), text).toEqual(tokens(plain, text));
        expect(vocabulary.spec).toMatchObject({ prefixIds: [], suffixIds: [] });
        expect(coverage.unknown).toBe(coverage.unknownBefore);
        expect(coverage.piecesBefore).toBe(whole.spec.vocabSize);
        expect(coverage.pieces).toBe(vocabulary.spec.vocabSize);
        expect(coverage.pieces).toBeLessThan(coverage.piecesBefore);
      });

      it('keeps no more than it is told of what is longer than a character, and makes nothing unknown by it', () => {
        for (const maxPieces of [0, 5, 50]) {
          const { vocabulary, coverage } = pruneVocabulary(whole, known, limits, maxPieces);
          const { unknownId } = vocabulary.spec;
          const units =
            kind === 'bpe' ? pieceBytes(vocabulary) : piecesOf(vocabulary).map((piece) => piece.replace(/^##/, ''));
          const longer = units.filter(({ length }, id) => id !== unknownId && length > 1);
          expect(longer.length).toBeLessThanOrEqual(maxPieces);
          expect(coverage.unknown).toBeLessThanOrEqual(coverage.unknownBefore);
        }
      });

      it('gives a vocabulary that a student file can hold, with ids in the order of the merges', async () => {
        const { vocabulary } = pruneVocabulary(whole, known, limits, 100);
        if (vocabulary.spec.kind === 'bpe') expect(vocabulary.spec.order).toBe('ids');
        const bytes = await encodeStudent(studentOf(vocabulary));
        expect(parseStudent(bytes).spec).toMatchObject({ tokenizer: vocabulary.spec });
        const again = pruneVocabulary(vocabulary, known, limits, 10_000);
        for (const text of known) expect(tokens(again.vocabulary, text)).toEqual(tokens(vocabulary, text));
      });
    });
  });
});
