/** An endpoint as a config asks for it. */
import type { EndpointConfig } from '../requests/endpoint-config.ts';

/** An endpoint that answers with the probabilities of labels. */
export interface HttpConfig extends EndpointConfig {
  readonly kind: 'http';
  readonly url: string;
  /** `retort`: `POST /v1/models/{id}/predict`. `huggingface`: text classification, `{ inputs }`. */
  readonly protocol: 'retort' | 'huggingface';
  /** The task's label by the endpoint's, e.g. `{ LABEL_0: 'ham' }`. Default: they are called the same. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Part of what answers are cached under: change it when another model answers at the same URL. Default none. */
  readonly version?: string;
  /** Environment variable with a token, sent as `Authorization: Bearer`. Default none. */
  readonly tokenEnv?: string;
  /** Environment variables by the header that carries their value. Default none. */
  readonly headersEnv?: Readonly<Record<string, string>>;
  /** Texts of one request. Default 16. */
  readonly batchSize?: number;
}

/** The same with its defaults. */
export type HttpOptions = Required<Omit<HttpConfig, 'tokenEnv' | 'version'>> & {
  readonly tokenEnv: string | null;
  readonly version: string | null;
};
