/** Held-out texts that stand among the training rows in another spelling: a score on them says little about new texts. */
import { inputKindOf } from '../inputs.ts';
import type { Dataset, Row } from './dataset.ts';
import { normalizeText } from './normalize-text.ts';
import { trainingTexts } from './training-rows.ts';

/** The texts of rows, normalized. */
export function normalizedTexts(rows: readonly Row[], { studentField, teacherField }: Dataset): ReadonlySet<string> {
  return new Set(
    rows.flatMap(({ fields }) => [normalizeText(fields[studentField]), normalizeText(fields[teacherField])]),
  );
}

/** Says how many rows of one split differ from rows that are held out in case, spaces or punctuation alone. */
export function tellLeaks(dataset: Dataset, onNotice: (line: string) => void): void {
  // A pair may share one of its texts with another one, and images have no spelling.
  if (inputKindOf(dataset) !== 'text') return;
  const { dev, test, studentField } = dataset;
  const tell = (name: string, texts: Iterable<string>, heldOut: readonly Row[], where: string): void => {
    const normalized = normalizedTexts(heldOut, dataset);
    let count = 0;
    for (const text of texts) if (normalized.has(normalizeText(text))) count++;
    if (count === 0) return;
    onNotice(
      `data: ${name}: ${count} rows are in ${where} too, but for case, spaces or punctuation; they stay, and scores there may flatter. See: retort data`,
    );
  };
  const ofDev = dev.map(({ fields }) => fields[studentField]);
  tell('dev', ofDev, test, 'test');
  tell('train', trainingTexts(dataset, studentField), [...dev, ...test], 'dev or test');
}
