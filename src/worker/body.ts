/**
 * Reads a JSON body that nobody vouches for. The length is counted while the bytes arrive: `Content-Length` may be
 * absent (chunked bodies) and is only believed where it already says too much.
 */
import * as v from 'valibot';
import { HttpError } from './errors.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Reads and validates the body of a request.
 *
 * @param maxBytes - bytes that are read at most
 * @throws HttpError 400 not JSON or not what `schema` asks for, 413 too large, 415 another media type
 */
export async function readJson<T>(request: Request, schema: v.GenericSchema<T>, maxBytes: number): Promise<T> {
  const type = request.headers.get('content-type') ?? '';
  if (!JSON_TYPE.test(type)) {
    const message = `Content-Type: expected application/json, got ${type === '' ? 'none' : JSON.stringify(type)}; set that header.`;
    throw new HttpError(415, 'unsupported_media_type', message);
  }
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    const message = `Content-Encoding: expected an uncompressed body, got ${JSON.stringify(encoding)}; send it as it is.`;
    throw new HttpError(415, 'unsupported_encoding', message);
  }
  const result = v.safeParse(schema, parseJson(await readBytes(request, maxBytes)), { abortEarly: true });
  if (!result.success) throw new HttpError(400, 'invalid_input', describeIssue(result.issues[0]));
  return result.output;
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(`${declared} bytes`, maxBytes);
  if (request.body === null) return new Uint8Array();

  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength;
    if (length > maxBytes) {
      await reader.cancel();
      throw tooLarge('more', maxBytes);
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(got: string, maxBytes: number): HttpError {
  return new HttpError(
    413,
    'body_too_large',
    `Body: expected at most ${maxBytes} bytes, got ${got}; send fewer texts.`,
  );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HttpError(400, 'invalid_json', `Body: expected JSON in UTF-8, got something else (${reason}).`);
  }
}

/** One sentence about what is wrong and where, e.g. `input[3]: expected a text, got 7; send strings only.` */
function describeIssue(outer: v.BaseIssue<unknown>): string {
  const { keys, issue } = locate(outer);
  const where = keys.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
  return `${where === '' ? 'Body' : where}: ${issue.message}`;
}

/** An issue with its whole path. */
interface LocatedIssue {
  readonly keys: readonly unknown[];
  readonly issue: v.BaseIssue<unknown>;
}

/** A union's own issue says only that nothing fitted; the alternative that got furthest knows where and why. */
function locate(issue: v.BaseIssue<unknown>): LocatedIssue {
  const keys = (issue.path ?? []).map(({ key }) => key);
  let found: LocatedIssue = { keys, issue };
  for (const inner of issue.issues ?? []) {
    // The path of an alternative begins where the union stands.
    const candidate = locate(inner);
    const whole = [...keys, ...candidate.keys];
    if (whole.length > found.keys.length) found = { keys: whole, issue: candidate.issue };
  }
  return found;
}
