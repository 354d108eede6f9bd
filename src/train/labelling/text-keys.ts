/** Which texts there are, by the keys of what a model says about them. */
import { KeyIndex, keyOf } from '../cache/key-index.ts';
import { outputKey } from '../cache/output-key.ts';
import { Turns } from '../turns.ts';

/**
 * The keys of all texts, each once.
 *
 * @throws the reason of `signal`
 */
export async function keysOf(
  texts: AsyncIterable<string> | Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<KeyIndex> {
  const keys = new KeyIndex();
  const turns = new Turns();
  for await (const text of texts) {
    await turns.yield(signal);
    keys.set(keyOf(outputKey(text)), 0);
  }
  return keys;
}
