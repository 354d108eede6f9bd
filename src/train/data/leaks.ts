/** Held-out texts that stand among the training rows in another spelling: a score on them says little about new texts. */
import type { Dataset, Row } from './dataset.ts';
import { normalizeText } from './normalize-text.ts';

/** The texts of rows, normalized. */
export function normalizedTexts(rows: readonly Row[], { studentField, teacherField }: Dataset): ReadonlySet<string> {
  return new Set(
    rows.flatMap(({ fields }) => [normalizeText(fields[studentField]), normalizeText(fields[teacherField])]),
  );
}

/** Says how many rows of one split differ from rows that are held out in case, spaces or punctuation alone. */
export function tellLeaks(dataset: Dataset, onNotice: (line: string) => void): void {
  const { train, dev, test, studentField } = dataset;
  const tell = (name: string, rows: readonly Row[], heldOut: readonly Row[], where: string): void => {
    const texts = normalizedTexts(heldOut, dataset);
    const count = rows.filter(({ fields }) => texts.has(normalizeText(fields[studentField]))).length;
    if (count === 0) return;
    onNotice(
      `data: ${name}: ${count} rows are in ${where} too, but for case, spaces or punctuation; they stay, and scores there may flatter. See: retort data`,
    );
  };
  tell('dev', dev, test, 'test');
  tell('train', train, [...dev, ...test], 'dev or test');
}
