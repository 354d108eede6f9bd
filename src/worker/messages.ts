/** What goes over the wire in Retort's own protocol, as types. */

/** One text, or several. */
export type Input = string | readonly string[];

/** Body of a prediction request. */
export interface PredictRequest {
  readonly input: Input;
  readonly top_k?: number;
}

/** Body of a comparison request. */
export interface CompareRequest {
  readonly input: Input;
  readonly runs?: number;
}

/** What a model says about the text at `index` of the input. */
export interface Classification {
  readonly index: number;
  readonly labels: readonly { readonly label: string; readonly score: number }[];
  readonly tokens: number | null;
  readonly truncated: boolean;
}

/** Answer to a prediction request. */
export interface PredictResponse {
  readonly object: 'list';
  readonly model: string;
  readonly data: readonly Classification[];
}

/** A model as clients see it: the fields of OpenAI's model object, then ours. */
export interface ModelCard {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
  readonly name: string;
  readonly role: 'student' | 'teacher';
  readonly task: 'classify';
  readonly labels: readonly string[];
  readonly multi_label: boolean;
  readonly bytes: number | null;
  readonly backend: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly student_url: string | null;
}

/** Every model. */
export interface ModelList {
  readonly object: 'list';
  readonly data: readonly ModelCard[];
}

/** Time of one text at a time, warm, tokenization included. */
export interface Latency {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly runs: number;
}

/** One model's part of a comparison. */
export interface ComparedModel {
  readonly id: string;
  readonly name: string;
  readonly role: 'student' | 'teacher';
  readonly backend: string;
  readonly bytes: number | null;
  readonly data: readonly Classification[];
  readonly agreement_with_teacher: number | null;
  readonly latency: Latency | null;
}

/** Every model on the same texts. */
export interface Comparison {
  readonly object: 'comparison';
  readonly models: readonly ComparedModel[];
  readonly agreement: readonly (readonly number[])[];
}

/** State of the server. */
export interface Health {
  readonly live: boolean;
  readonly ready: boolean;
}
