/** Reads the spec and the provenance of a student from untrusted JSON. */
import { type ChainInput, type Flow, readChain } from './chain.ts';
import { type FieldRule, type FieldRules, Fields } from './fields.ts';
import { isObject, parseCanonical, shown } from './json.ts';
import { MAX_WIDTH } from './layers.ts';
import { StudentFormatError } from './rules.ts';
import type { Provenance, StudentSpec, TaskKind, TaskSpec, TextStudentSpec, TokenizerSpec } from './spec.ts';
import { FLAG, maxTokens as maxTokensRule, readTokenizer } from './tokenizers.ts';

/** Longest text a student may read, in UTF-16 code units: bounds the time of one prediction. */
export const MAX_CHARACTERS = 1_048_576;
/** Most labels. */
export const MAX_LABELS = 4096;
/** Most bytes that the activations of the longest input may take: half of what a Worker has is for everything else. */
export const MAX_ARENA_BYTES = 67_108_864;

const NESTED: FieldRule = { type: 'nested' };
const SIZE: FieldRule = { type: 'integer', min: 1, max: MAX_WIDTH };
const LABELS: FieldRule = { type: 'array', length: MAX_LABELS };
const NAME: FieldRule = { type: 'text', max: 256 };

const SPEC_FIELDS: FieldRules = {
  name: { type: 'text', max: 128 },
  family: { type: 'choice', of: ['static', 'conv', 'transformer', 'image'] },
  task: NESTED,
  input: { ...NESTED, optional: true },
  layers: NESTED,
};

/** What a spec has besides, where texts are read. */
const TEXT_FIELDS: FieldRules = {
  tokenizer: NESTED,
  maxCharacters: { type: 'integer', min: 1, max: MAX_CHARACTERS },
  maxTokens: maxTokensRule,
};

/** The tasks, and what each has beside its kind. */
const TASK_FIELDS: Readonly<Record<TaskKind, FieldRules>> = {
  classify: { labels: LABELS, multiLabel: FLAG },
  tag: { labels: LABELS },
  embed: {},
};

/** What is read that is not one text, and what its size is. */
const INPUT_FIELDS: Readonly<Record<'pair' | 'image', FieldRules>> = {
  pair: {},
  image: { height: SIZE, width: SIZE, channels: SIZE },
};

const PROVENANCE_FIELDS: FieldRules = {
  teacher: { ...NESTED, optional: true },
  configHash: { type: 'text', max: 64, optional: true },
  metrics: { ...NESTED, optional: true },
};

const TEACHER_FIELDS: FieldRules = {
  name: NAME,
  id: NAME,
  accuracy: { type: 'number', min: 0, max: 1, optional: true },
};

function parseFields(json: string, path: string): Fields {
  const value = parseCanonical(json, 'specJson', {});
  if (!isObject(value)) throw new StudentFormatError('specJson', shown(value));
  return new Fields(value, path);
}

/** Reads an object that says what kind it is. */
function readKind<Value>(value: unknown, path: string, kinds: Readonly<Record<string, FieldRules>>): Value {
  const fields = new Fields(value, path);
  const kind = fields.get<string>('kind', { type: 'choice', of: Object.keys(kinds) });
  return fields.read<Value>(kinds[kind], kind);
}

/** Parses the JSON of `spec` and checks everything that can be checked without the tensors. */
export function readSpec(json: string): StudentSpec {
  const fields = parseFields(json, 'spec');
  const rawInput = fields.raw('input');
  const input =
    rawInput === undefined ? rawInput : readKind<StudentSpec['input']>(rawInput, 'spec.input', INPUT_FIELDS);
  const isImage = input?.kind === 'image';
  const spec = fields.read<StudentSpec>(isImage ? SPEC_FIELDS : { ...SPEC_FIELDS, ...TEXT_FIELDS });
  const task = readTask(spec.task);
  const text = isImage ? null : readText(spec as TextStudentSpec);
  const { layers, values, output } = readChain(spec.layers, 'spec.layers', chainInput(input, text));
  const { kind, width } = output;
  const due = task.kind === 'embed' ? width : task.labels.length;
  if (kind !== (task.kind === 'tag' ? 'sequence' : 'vector') || width !== due) {
    throw new StudentFormatError('layerOutput', `${kind} of ${width} for ${task.kind} of ${due}`);
  }
  const arenaBytes = 4 * values;
  if (arenaBytes > MAX_ARENA_BYTES) throw new StudentFormatError('arenaSize', `${arenaBytes} bytes`);
  if (text?.tokenizer.kind === 'hashed' && layers[1]?.kind !== 'weightedMean') {
    throw new StudentFormatError('tokenizer', `hashed ids, which have no order, before ${layers[1]?.kind}`);
  }
  return { ...spec, task, ...(input && { input }), ...text, layers } as StudentSpec;
}

function readText({ tokenizer, maxTokens }: TextStudentSpec): Pick<TextStudentSpec, 'tokenizer' | 'maxTokens'> {
  return { tokenizer: readTokenizer(tokenizer, maxTokens), maxTokens };
}

/** What layer `position` of the outer chain of a valid spec writes; what joins the texts of a pair is not behind it. */
export function outputOf(spec: StudentSpec, position: number): Flow {
  const input = chainInput(spec.input, 'tokenizer' in spec ? spec : null);
  return readChain(spec.layers.slice(0, position + 1), 'spec.layers', input).output;
}

function chainInput(
  input: StudentSpec['input'],
  text: Pick<TextStudentSpec, 'tokenizer' | 'maxTokens'> | null,
): ChainInput {
  if (input?.kind === 'image') {
    const { height, width, channels } = input;
    return { flow: { kind: 'image', width: channels, area: [height, width] }, maxTokens: 1, isPair: false };
  }
  const flow = { kind: 'tokens', width: vocabSizeOf(text!.tokenizer) } as const;
  return { flow, maxTokens: text!.maxTokens, isPair: input !== undefined };
}

/** Number of different ids that a tokenizer gives. */
export function vocabSizeOf(tokenizer: TokenizerSpec): number {
  return tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
}

function readTask(value: unknown): TaskSpec {
  const task = readKind<TaskSpec>(value, 'spec.task', TASK_FIELDS);
  if (task.kind === 'embed') return task;
  const { labels } = task;
  const fewest = task.kind === 'classify' && task.multiLabel ? 1 : 2;
  const isValid = labels.every((label) => typeof label === 'string' && label.length > 0);
  if (!isValid || new Set(labels).size !== labels.length || labels.length < fewest) {
    throw new StudentFormatError('labels', shown(labels));
  }
  return task;
}

/** Parses the text of `provenance`. */
export function readProvenance(text: string): Provenance {
  const provenance = parseFields(text, 'provenance').read<Provenance>(PROVENANCE_FIELDS);
  const { teacher, metrics } = provenance;
  if (teacher !== undefined) new Fields(teacher, 'provenance.teacher').read(TEACHER_FIELDS);
  if (metrics !== undefined) {
    const fields = new Fields(metrics, 'provenance.metrics');
    const { MAX_VALUE: max } = Number;
    for (const name of Object.keys(metrics)) fields.get(name, { type: 'number', min: -max, max });
  }
  return provenance;
}
