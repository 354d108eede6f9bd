/** An endpoint on this machine that speaks the chat-completions protocol. */
import type { ServerResponse } from 'node:http';
import { type Endpoint, type Received, sendJson, startEndpoint } from './endpoint.ts';

/** Body of a request, as far as tests look at it. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens?: number;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
  readonly temperature?: number;
  readonly seed?: number;
}

/** What to say: words, and the probabilities of the first token. */
export interface Saying {
  readonly text: string;
  readonly tokens?: Readonly<Record<string, number>>;
}

/** Starts an endpoint that says what `say` says. */
export function startChat(say: (text: string, request: ChatRequest) => Saying): Promise<Endpoint> {
  return startEndpoint((received, response) => sendCompletion(response, received, say));
}

/** Answers one request as OpenAI does; 7 input tokens and 1 output token. */
export function sendCompletion(
  response: ServerResponse,
  { body }: Received,
  say: (text: string, request: ChatRequest) => Saying,
): void {
  const request = body as ChatRequest;
  const { text, tokens } = say(request.messages.at(-1)!.content, request);
  const top = Object.entries(tokens ?? {}).map(([token, p]) => ({ token, logprob: Math.log(p), bytes: null }));
  sendJson(response, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: tokens === undefined ? null : { content: [{ ...top[0], top_logprobs: top }], refusal: null },
        finish_reason: 'length',
      },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8 },
  });
}
