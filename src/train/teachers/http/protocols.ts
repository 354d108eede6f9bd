/** The protocols in which an endpoint can be asked for the probabilities of labels: how texts go out, how answers come back. */
import * as v from 'valibot';
import { EndpointError } from '../requests/endpoint-error.ts';

/** One label with its probability, as endpoints answer. */
export interface LabelScore {
  readonly label: string;
  readonly score: number;
}

/** A way of asking. */
export interface Protocol {
  /** Body of a request for every label of some texts. */
  request(texts: readonly string[], numLabels: number): unknown;
  /**
   * @param place of the endpoint, for messages
   * @returns the scores of each text, in order
   * @throws EndpointError with code `endpoint_wrong_answer`
   */
  read(answer: unknown, texts: number, place: string): readonly (readonly LabelScore[])[];
}

const SCORES = v.array(v.object({ label: v.string(), score: v.number() }));
const RETORT = v.object({ data: v.array(v.object({ index: v.number(), labels: SCORES })) });

/** Retort's own `POST /v1/models/{id}/predict`. */
const retort: Protocol = {
  request: (texts) => ({ input: texts }),
  read(answer, texts, place) {
    const { data } = parse(RETORT, answer, place);
    const ordered = [...data].sort((a, b) => a.index - b.index);
    checkCount(ordered.length, texts, place);
    return ordered.map(({ labels }) => labels);
  },
};

/**
 * Text classification as Hugging Face's inference endpoints speak it. Without `top_k` they answer with the best label
 * alone. One text may come back without the outer list.
 */
const huggingface: Protocol = {
  request: (texts, numLabels) => ({ inputs: texts, parameters: { top_k: numLabels } }),
  read(answer, texts, place) {
    const isFlat = texts === 1 && Array.isArray(answer) && answer.length > 0 && !Array.isArray(answer[0]);
    const lists = parse(v.array(SCORES), isFlat ? [answer] : answer, place);
    checkCount(lists.length, texts, place);
    return lists;
  },
};

/** The protocols by name. */
export const PROTOCOLS: Readonly<Record<'retort' | 'huggingface', Protocol>> = { retort, huggingface };

function parse<T>(schema: v.GenericSchema<unknown, T>, answer: unknown, place: string): T {
  const { success, output, issues } = v.safeParse(schema, answer);
  if (success) return output;
  const [{ expected, received }] = issues;
  const where = v.getDotPath(issues[0]) ?? 'top level';
  // Not the string itself: an endpoint may send back what it was sent, a key for instance.
  const got = received.startsWith('"') ? 'a string' : received;
  const message = `${place}: expected ${expected} in ${where}, got ${got}; check url and protocol`;
  throw new EndpointError('endpoint_wrong_answer', message);
}

function checkCount(got: number, texts: number, place: string): void {
  if (got === texts) return;
  const message = `${place}: expected one answer for each of ${texts} texts, got ${got}; check url and protocol`;
  throw new EndpointError('endpoint_wrong_answer', message);
}
