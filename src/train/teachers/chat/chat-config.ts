/** A chat model as a config asks for it. */
import type { EndpointConfig } from '../requests/endpoint-config.ts';
import type { Price } from './budget.ts';
import type { OtherRule } from './label-shares.ts';

/** A chat model behind an OpenAI-compatible endpoint. */
export interface ChatConfig extends EndpointConfig {
  readonly kind: 'chat';
  /** Name of the model at the endpoint. */
  readonly model: string;
  /** Default `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** Environment variable with the key; null for an endpoint that wants none. Default `OPENAI_API_KEY`. */
  readonly tokenEnv?: string | null;
  /** Environment variables by the header that carries their value. Default none. */
  readonly headersEnv?: Readonly<Record<string, string>>;
  /** What the model is told before the text; `{labels}` stands for the list of labels. */
  readonly prompt?: string;
  /** What a label means, by label. Default none. */
  readonly descriptions?: Readonly<Record<string, string>>;
  /**
   * `logprobs`: from the log-probabilities of the first token, one request a text. `votes`: from the answers to
   * `samples` requests, for endpoints that do not tell them. Default `logprobs`.
   */
  readonly probabilities?: 'logprobs' | 'votes';
  /** How many of the likeliest tokens are asked for. Default 20, which is what OpenAI allows. */
  readonly topLogprobs?: number;
  /** Answers to a text where they vote. Default 5. */
  readonly samples?: number;
  /** Of the votes. Default 1. */
  readonly temperature?: number;
  /** Where the probability of what names no label goes: to all labels alike, or nowhere. Default `spread`. */
  readonly other?: OtherRule;
  /** UTF-16 code units of a text that are sent. Default 8,000. */
  readonly maxCharacters?: number;
  /** Longest answer. Default 1 for log-probabilities, 16 for votes. */
  readonly maxTokens?: number | null;
  /** More fields of the request, e.g. `{ reasoning_effort: 'low' }`. Default none. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Price of a million tokens, for the estimate and for `maxCost`. Default null: unknown. */
  readonly pricePerMillion?: Price | null;
  /** Most that one process may spend on the model, in the currency of the price. Default null: no limit. */
  readonly maxCost?: number | null;
  /** Most requests that one process may send to the model. Default null: no limit. */
  readonly maxRequests?: number | null;
}

/** The same with its defaults. */
export type ChatOptions = Required<ChatConfig>;
