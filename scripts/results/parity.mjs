/** Tokenizers beside those that they stand for. */
import { table } from '../markdown.mjs';

export function parityTable(parity) {
  const { source, languages, texts, otherTexts, rows } = parity;
  const figures = rows.map(({ name, source: from, kind, vocabSize, tokens, causes }) => [
    name,
    from,
    `\`${kind}\``,
    vocabSize.toLocaleString('en'),
    tokens.toLocaleString('en'),
    causes.normalization,
    causes.sums,
  ]);
  const header = ['tokenizer', 'from', 'kind', 'pieces', 'tokens', 'texts that differ, normalization', 'sums'];
  return `${rows[0].tool}; ${source}, ${languages.length} languages; ${texts.toLocaleString('en')} texts, ${otherTexts} of them those of the fixtures.\n\n${table(header, figures)}`;
}
