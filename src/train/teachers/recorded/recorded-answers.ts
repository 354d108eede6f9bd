/** Reads a file of recorded answers; every complaint names file and line. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { InputError } from '../../../format/index.ts';
import { faultOfProbabilities, logitsOfProbabilities } from '../probability-logits.ts';
import type { ModelSpec } from '../teacher.ts';
import type { RecordedOptions } from './recorded-config.ts';

const VALUES = v.union([v.array(v.number()), v.record(v.string(), v.number())]);
const ANSWER = v.union([
  v.looseObject({ probabilities: VALUES, logits: v.optional(v.undefined()) }),
  v.looseObject({ logits: VALUES, probabilities: v.optional(v.undefined()) }),
]);

/**
 * @returns logits `[numLabels]` by text
 * @throws InputError with code `invalid_teacher` where a line is no answer, has other labels, or contradicts another
 */
export async function readRecordedAnswers(spec: ModelSpec<RecordedOptions>): Promise<Map<string, Float32Array>> {
  const { path } = spec.options;
  checkOrder(spec);
  const answers = new Map<string, Float32Array>();
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    const place = `${path}, line ${number}`;
    const [text, logits] = readLine(number === 1 ? line.replace(/^\uFEFF/, '') : line, place, spec);
    const before = answers.get(text);
    if (before !== undefined && !before.every((value, i) => value === logits[i])) {
      throw invalid(place, `expected one answer a text, got another one for ${JSON.stringify(text.slice(0, 80))}`);
    }
    answers.set(text, logits);
  }
  return answers;
}

function invalid(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`${place}: ${message}`, { code: 'invalid_teacher', cause });
}

function checkOrder({ options, labels }: ModelSpec<RecordedOptions>): void {
  const order = options.labels;
  if (order !== null) checkLabels(order, labels, `${options.path}, labels of the config`);
}

function checkLabels(found: readonly string[], labels: readonly string[], place: string): void {
  const extra = found.filter((label) => !labels.includes(label));
  const missing = labels.filter((label) => !found.includes(label));
  if (extra.length === 0 && missing.length === 0 && found.length === labels.length) return;
  const got = [
    ...(missing.length > 0 ? [`without ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`with ${extra.join(', ')}`] : []),
  ].join(' and ');
  throw invalid(place, `expected the labels ${labels.join(', ')}, got them ${got || 'twice'}`);
}

function readLine(line: string, place: string, spec: ModelSpec<RecordedOptions>): [text: string, logits: Float32Array] {
  const { textKey } = spec.options;
  const values = parseObject(line, place);
  const text = values[textKey];
  if (typeof text !== 'string') throw invalid(place, `expected a text in ${textKey}, got ${JSON.stringify(text)}`);
  const answer = v.safeParse(ANSWER, values);
  if (!answer.success) {
    const got = Object.keys(values).join(', ');
    throw invalid(place, `expected numbers in either probabilities or logits, by label or as a list, got ${got}`);
  }
  const { probabilities, logits } = answer.output;
  const ordered = orderValues((probabilities ?? logits)!, place, spec);
  if (probabilities === undefined) {
    const wrong = ordered.find((value) => !Number.isFinite(Math.fround(value)));
    if (wrong !== undefined) throw invalid(place, `expected finite logits, got ${wrong}`);
    return [text, Float32Array.from(ordered)];
  }
  const fault = faultOfProbabilities(ordered, spec.multiLabel);
  if (fault !== null) throw invalid(place, fault);
  return [text, logitsOfProbabilities(ordered, spec.multiLabel)];
}

function parseObject(line: string, place: string): Readonly<Record<string, unknown>> {
  let values: unknown;
  try {
    values = JSON.parse(line);
  } catch (cause) {
    throw invalid(place, `expected a JSON object, got ${(cause as Error).message}`, cause);
  }
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
    return values as Readonly<Record<string, unknown>>;
  }
  throw invalid(place, `expected a JSON object, got ${line.slice(0, 40)}`);
}

/** @returns the values in the order of the task's labels */
function orderValues(
  values: readonly number[] | Readonly<Record<string, number>>,
  place: string,
  { options, labels }: ModelSpec<RecordedOptions>,
): readonly number[] {
  if (!Array.isArray(values)) {
    const byLabel = values as Readonly<Record<string, number>>;
    checkLabels(Object.keys(byLabel), labels, place);
    return labels.map((label) => byLabel[label]);
  }
  if (values.length !== labels.length) {
    throw invalid(place, `expected ${labels.length} values, one a label, got ${values.length}`);
  }
  const order = options.labels ?? labels;
  return labels.map((label) => values[order.indexOf(label)]);
}
