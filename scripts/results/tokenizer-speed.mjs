/** The speed of tokenizers. */
import { digits, table, times } from '../markdown.mjs';

export function tokenizerSpeedTable(tokenizers) {
  const { machine, rows } = tokenizers;
  const figures = rows.map(({ tokenizer, texts, leftOut, tokens, retortMs, transformersMs }) => [
    tokenizer,
    texts,
    `${leftOut.retort} / ${leftOut.transformers}`,
    digits((1000 * retortMs) / tokens, 2),
    digits((1000 * transformersMs) / tokens, 2),
    times(transformersMs / retortMs),
    transformersMs / retortMs >= 5 ? 'holds' : '**misses**',
  ]);
  const header = ['tokenizer', 'texts', 'wrong', 'us a token', 'transformers.js', 'times as long', 'at least 5x'];
  return `${machine.cpu}, Node ${machine.node}, one thread.\n\n${table(header, figures)}`;
}
