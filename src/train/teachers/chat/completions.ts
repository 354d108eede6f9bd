/** Chat completions through the `openai` package, every failure as an EndpointError. It retries nothing by itself. */
import type { OpenAI } from 'openai';
import { checkPeer, type Peer } from '../../peers.ts';
import { faultOfConnection } from '../requests/connection-fault.ts';
import { withDeadline } from '../requests/deadline.ts';
import { EndpointError, faultOfStatus, readRetryAfter } from '../requests/endpoint-error.ts';
import { redact } from '../requests/secrets.ts';
import type { Tokens } from './budget.ts';
import type { TokenLogprob } from './label-shares.ts';

/** Characters of an answer that a message quotes. */
const EXCERPT = 200;
const OPENAI: Peer = { name: 'openai', neededBy: 'a chat teacher', install: 'npm install openai@^6.49.0' };

/** Where and as whom to ask. */
export interface CompletionsOptions {
  readonly baseURL: string;
  /** Null where the endpoint wants none. */
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** What no message may hold. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
}

/** What a model said. */
export interface Completion {
  readonly text: string;
  /** The likeliest first tokens; null where the endpoint does not tell. */
  readonly firstTokens: readonly TokenLogprob[] | null;
  /** As the endpoint counts; null where it does not. */
  readonly used: Tokens | null;
}

/** Asks for one completion. */
export type Complete = (body: object, signal: AbortSignal | undefined) => Promise<Completion>;

/** @throws UnsupportedError with code `missing_peer` */
export async function openCompletions(options: CompletionsOptions): Promise<Complete> {
  const { baseURL, key, headers, timeoutMs, secrets } = options;
  checkPeer(OPENAI);
  const { OpenAI: Client } = await import('openai');
  const client = new Client({
    baseURL,
    apiKey: key ?? 'none',
    defaultHeaders: { ...(key === null ? { authorization: null } : {}), ...headers },
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  });
  const place = `${new URL(baseURL).host} chat`;
  return async (body, signal) => {
    try {
      const ask = (stop: AbortSignal): Promise<unknown> =>
        client.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsNonStreaming, { signal: stop });
      return readCompletion(await withDeadline(timeoutMs, signal, ask), place, secrets);
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof EndpointError ? error : describe(error as Error, place, secrets);
    }
  };
}

/** The errors of the package carry the answer, which may carry the key: none of them is passed on as a cause. */
function describe(error: Error, place: string, secrets: readonly string[]): EndpointError {
  const { status, headers } = error as { readonly status?: number; readonly headers?: Headers };
  const excerpt = redact(error.message, secrets).slice(0, EXCERPT);
  if (typeof status === 'number') {
    const retryAfterMs = readRetryAfter(headers?.get('retry-after') ?? null);
    return faultOfStatus(status, `${place}: expected an answer, got status ${excerpt}`, retryAfterMs);
  }
  if (error instanceof SyntaxError) {
    const message = `${place}: expected JSON, got one that breaks off or is damaged`;
    return new EndpointError('endpoint_broken_json', message, { retryable: true });
  }
  return faultOfConnection(error, place, secrets);
}

function readCompletion(answer: unknown, place: string, secrets: readonly string[]): Completion {
  if (typeof answer !== 'object' || answer === null) {
    const got = redact(String(answer), secrets).trim().slice(0, EXCERPT);
    const message = `${place}: expected JSON, got ${got === '' ? 'nothing' : got}; check baseURL`;
    throw new EndpointError('endpoint_not_json', message);
  }
  const { choices, usage } = answer as Partial<OpenAI.ChatCompletion>;
  const choice = choices?.[0];
  const content = choice?.message?.content ?? choice?.message?.refusal;
  if (choice === undefined || (typeof content !== 'string' && choice.logprobs == null)) {
    const got = Object.keys(answer).join(', ');
    const message = `${place}: expected a chat completion with a message, got ${got || 'nothing'}; check baseURL`;
    throw new EndpointError('endpoint_wrong_answer', message);
  }
  return {
    text: content ?? '',
    firstTokens: readTokens(choice.logprobs?.content?.[0]?.top_logprobs, place),
    used: readUsage(usage),
  };
}

function readUsage(usage: Partial<OpenAI.CompletionUsage> | null | undefined): Tokens | null {
  const { prompt_tokens: input, completion_tokens: output } = usage ?? {};
  return Number.isFinite(input) && Number.isFinite(output) ? { input: input!, output: output! } : null;
}

function readTokens(tokens: unknown, place: string): readonly TokenLogprob[] | null {
  if (!Array.isArray(tokens) || tokens.length === 0) return null;
  const wrong = (tokens as Partial<TokenLogprob>[]).some(({ token, logprob }) => {
    return typeof token !== 'string' || typeof logprob !== 'number' || !(logprob <= 1e-3);
  });
  if (!wrong) return tokens;
  const message = `${place}: expected tokens with log-probabilities of at most 0, got others; set probabilities to votes`;
  throw new EndpointError('endpoint_wrong_answer', message);
}
