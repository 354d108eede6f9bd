/** Packages that only some teachers need: optional peers, loaded when they are asked for. */
import { UnsupportedError } from '../format/index.ts';

/**
 * @param load imports the package by a literal name, so that it keeps its types
 * @param need who needs what, for the message, e.g. `a chat teacher needs openai`
 * @param install the line that installs it
 * @throws UnsupportedError with code `missing_peer` and the install line
 */
export async function importPeer<T>(load: () => Promise<T>, need: string, install: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw cause;
    throw new UnsupportedError(`${need}, which is not installed. Run: ${install}`, { cause, code: 'missing_peer' });
  }
}
