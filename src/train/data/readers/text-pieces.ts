/**
 * The text of a UTF-8 file in pieces that end with a line, so that memory does not grow with the file and a wrong byte
 * is found in its line. (A line end is never part of another character in UTF-8: RFC 3629, section 3.)
 */
import { invalidData } from '../invalid-data.ts';
import { openFile } from './open-file.ts';

const CHUNK_BYTES = 1 << 18;
/** Longest line; a file without line ends would otherwise be read into memory as one. */
const MAX_LINE_BYTES = 1 << 26;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Yields the text without a byte order mark.
 *
 * @throws InputError with code `invalid_data` that names file and line: no UTF-8, a line of more than 64 MiB
 */
export async function* textPieces(path: string): AsyncGenerator<string> {
  const handle = await openFile(path);
  try {
    let rest: Uint8Array = new Uint8Array(0);
    let line = 1;
    for (let atStart = true; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = bytesRead === 0 ? bytes.length : endOfLastLine(bytes);
      const text = decode(bytes.subarray(0, end), path, line, atStart);
      atStart &&= end === 0;
      if (text !== '') yield text;
      if (bytesRead === 0) return;
      line += countLines(text);
      rest = bytes.subarray(end);
      if (rest.length > MAX_LINE_BYTES) {
        throw invalidData(`${path}, line ${line}`, 'expected a line end within 64 MiB, got none; is it a text file?');
      }
    }
  } finally {
    await handle.close();
  }
}

/** Past the last line feed; in a file without any, before the last carriage return, so that a CRLF is never cut. */
function endOfLastLine(bytes: Uint8Array): number {
  const feed = bytes.lastIndexOf(LINE_FEED);
  return feed === -1 ? Math.max(0, bytes.lastIndexOf(CARRIAGE_RETURN)) : feed + 1;
}

function countLines(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function decode(bytes: Uint8Array, path: string, line: number, atStart: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: !atStart }).decode(bytes);
  } catch (cause) {
    const wrong = line + countLines(beforeWrongByte(bytes));
    throw invalidData(`${path}, line ${wrong}`, 'expected UTF-8, got another encoding; convert it', cause);
  }
}

/** The lines before the first one that is no UTF-8. */
function beforeWrongByte(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    try {
      text += decoder.decode(bytes.subarray(start, end));
    } catch {
      return text;
    }
    start = end;
  }
  return text;
}
