/** How much of a text each reader of a config sees. */
import { RetortError } from '../../../format/index.ts';
import { createTokenizer } from '../../../runtime/index.ts';
import type { ResolvedConfig } from '../../config/config.ts';
import type { RunHooks } from '../../progress.ts';
import { teachersVocabulary } from '../../teachers/teachers-vocabulary.ts';
import { planTokenizer, type TextStudent } from '../../tokenizers/plan-tokenizer.ts';
import type { Vocabulary } from '../../tokenizers/vocabulary.ts';
import type { Dataset } from '../dataset.ts';
import { trainingTexts } from '../training-rows.ts';
import type { TextLimit } from './data-report.ts';

/**
 * The limits of the teacher, in characters, and of the students, in characters and tokens. Where the teacher's vocabulary
 * cannot be had, which `onNotice` is told, those in tokens of the students that keep some of it are left out.
 *
 * @param dataset that the students learn from
 */
export async function textLimits(
  { teacher, students }: ResolvedConfig,
  dataset: Dataset,
  onNotice: RunHooks['onNotice'],
): Promise<readonly TextLimit[]> {
  const limits = teacher.flatMap(({ options }): readonly TextLimit[] => {
    const { maxCharacters } = options as { readonly maxCharacters?: unknown };
    return typeof maxCharacters === 'number' ? [{ reader: 'the teacher', maxCharacters }] : [];
  });
  const reading = students.filter((student): student is TextStudent => student.family !== 'image');
  const ofPieces = reading.filter(({ family }) => family !== 'static').map(({ name }) => name);
  const vocabulary =
    ofPieces.length === 0
      ? null
      : await teachersVocabulary(teacher).catch((cause) => notKnown(cause, ofPieces, onNotice));
  for (const student of reading) {
    const { name: reader, maxCharacters, family } = student;
    limits.push({ reader, maxCharacters });
    if (vocabulary !== undefined || family === 'static') limits.push(tokenLimit(student, dataset, vocabulary ?? null));
  }
  return limits;
}

function notKnown(cause: unknown, students: readonly string[], onNotice: RunHooks['onNotice']): undefined {
  if (!(cause instanceof RetortError)) throw cause;
  const due = "the teacher's vocabulary, to count texts that are too long";
  onNotice?.(`${students.join(', ')}: expected ${due}, got none: ${cause.message}`);
}

function tokenLimit(student: TextStudent, dataset: Dataset, vocabulary: Vocabulary | null): TextLimit {
  const { name: reader, maxTokens } = student;
  const texts = trainingTexts(dataset, dataset.studentField);
  const { spec, tensors } = planTokenizer(student, texts, vocabulary);
  const tokenizer = createTokenizer(spec, { maxCharacters: Number.POSITIVE_INFINITY, maxTokens }, tensors);
  const isTagged = dataset.task === 'tag';
  const encode = (text: string) =>
    isTagged && tokenizer.encodeWords !== undefined ? tokenizer.encodeWords(text) : tokenizer.encode(text);
  return { reader, maxTokens, exceeds: (text) => encode(text).truncated };
}
