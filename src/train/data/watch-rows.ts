/** Rows as they are read, with news about how many there are, for files that take long. */
import type { RunHooks } from '../progress.ts';
import type { Row } from './dataset.ts';

/** Least milliseconds between two pieces of news. */
const NEWS_MS = 1000;

/**
 * @param place what is read, for people
 * @throws what the reader throws, or the reason of `signal`
 */
export async function* watchRows(
  rows: AsyncIterable<Row>,
  place: string,
  { onProgress, signal }: RunHooks,
): AsyncGenerator<Row> {
  let count = 0;
  let last = performance.now();
  for await (const row of rows) {
    signal?.throwIfAborted();
    count++;
    if (performance.now() - last >= NEWS_MS) {
      last = performance.now();
      const detail = `reading ${place}, ${count} rows so far`;
      onProgress?.({ stage: 'data', done: 0, total: 1, etaSeconds: null, detail });
    }
    yield row;
  }
}
