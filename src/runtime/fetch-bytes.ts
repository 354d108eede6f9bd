/** Fetches a file and tells how far it is. */
import { InputError } from '../format/index.ts';
import type { LoadOptions } from './load.ts';

/**
 * @throws InputError with code `fetch_failed` where there is no answer, it breaks off, or it is not a 2xx; the reason of
 * `signal` once that is aborted
 */
export async function fetchBytes(url: string | URL, { onProgress, signal }: LoadOptions): Promise<Uint8Array> {
  const arriving = <T>(part: Promise<T>): Promise<T> => part.catch((cause: Error) => fail(url, cause, signal));
  const response = await arriving(fetch(url, signal === undefined ? {} : { signal }));
  if (!response.ok || response.body === null) {
    const message = `${String(url)}: expected a student file, got HTTP status ${response.status}; check the address`;
    throw new InputError(message, { code: 'fetch_failed' });
  }
  const encoded = response.headers.get('content-encoding') !== null;
  const length = Number(response.headers.get('content-length'));
  const total = encoded || !(length > 0) ? null : length;
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await arriving(reader.read());
    if (done) break;
    chunks.push(value);
    loaded += value.byteLength;
    onProgress?.({ loaded, total });
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** An abort is the caller's own, whatever its reason is; everything else says what is wrong with address or network. */
function fail(url: string | URL, cause: Error, signal: AbortSignal | undefined): never {
  if (signal?.aborted || cause.name === 'AbortError') throw cause;
  const message = `${String(url)}: expected a student file, got no whole answer (${cause.message}); check address and network`;
  throw new InputError(message, { code: 'fetch_failed', cause });
}
