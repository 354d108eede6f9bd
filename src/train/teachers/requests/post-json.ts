/** One POST of JSON that ends: with the JSON of the answer, or with an error that says what came instead. */
import { faultOfConnection } from './connection-fault.ts';
import { withDeadline } from './deadline.ts';
import { EndpointError, faultOfStatus, readRetryAfter } from './endpoint-error.ts';
import { redact } from './secrets.ts';

/** Probabilities of a few hundred texts and labels are kilobytes. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** Characters of an answer that a message quotes. */
const EXCERPT = 200;

/** A request. */
export interface JsonRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** From the first byte sent to the last one read. */
  readonly timeoutMs: number;
  /** What no message may hold. */
  readonly secrets: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/**
 * @returns the parsed JSON of a 2xx answer
 * @throws EndpointError, or the reason of `signal`
 */
export async function postJson(request: JsonRequest, signal: AbortSignal | undefined): Promise<unknown> {
  const { status, retryAfter, text } = await send(request, signal);
  const place = placeOf(request.url);
  const excerpt = redact(text, request.secrets).trim().slice(0, EXCERPT);
  if (status < 200 || status > 299) {
    const message = `${place}: expected an answer, got status ${status}${excerpt === '' ? '' : `: ${excerpt}`}`;
    throw faultOfStatus(status, message, readRetryAfter(retryAfter) ?? loadingTime(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*[[{]/.test(text)) {
      const message = `${place}: expected JSON, got one that breaks off or is damaged: ${excerpt}`;
      throw new EndpointError('endpoint_broken_json', message, { retryable: true });
    }
    const message = `${place}: expected JSON, got ${excerpt === '' ? 'nothing' : excerpt}; check the url`;
    throw new EndpointError('endpoint_not_json', message);
  }
}

/** How an endpoint is called in messages and tables: its address without a query, which may hold what is nobody's business. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Hugging Face says in the body of a 503 how many seconds it will take to load a model. */
function loadingTime(text: string): number | null {
  const seconds = Number(text.match(/"estimated_time"\s*:\s*([\d.]+)/)?.[1]);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

async function send(
  { url, headers, body, timeoutMs, secrets }: JsonRequest,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    return await withDeadline(timeoutMs, signal, async (stop) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: stop,
      });
      const text = await readBody(response, url);
      return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
    });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof EndpointError) throw cause;
    throw faultOfConnection(cause as Error, placeOf(url), secrets);
  }
}

async function readBody(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      const message = `${placeOf(url)}: expected at most ${MAX_ANSWER_BYTES} bytes, got more; check the url`;
      throw new EndpointError('endpoint_wrong_answer', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
