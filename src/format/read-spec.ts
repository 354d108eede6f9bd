/** Reads the spec and the provenance of a student from untrusted JSON. */
import { type ChainInput, type Flow, readChain } from './chain.ts';
import { type FieldRule, Fields } from './fields.ts';
import { isObject, parseCanonical, shown } from './json.ts';
import { MAX_WIDTH } from './layers.ts';
import { StudentFormatError } from './rules.ts';
import type { Provenance, StudentSpec, TaskKind, TaskSpec, TextStudentSpec, TokenizerSpec } from './spec.ts';
import { FLAG, maxTokens as maxTokensRule, readTokenizer } from './tokenizers.ts';

/** Longest text a student may read, in UTF-16 code units: bounds the time of one prediction. */
export const MAX_CHARACTERS = 1_048_576;
/** Most labels. */
export const MAX_LABELS = 4096;
/** Most bytes that the activations of the longest text may take: half of what a Worker has is for everything else. */
export const MAX_ARENA_BYTES = 67_108_864;

/** Parses the JSON of `spec` and checks everything that can be checked without the tensors. */
export function readSpec(json: string): StudentSpec {
  const value = parseCanonical(json, 'specJson', {});
  if (!isObject(value)) throw new StudentFormatError('specJson', shown(value));
  const fields = new Fields(value, 'spec');
  const input = readInput(fields.raw('input'));
  const isImage = input?.kind === 'image';
  const known = ['name', 'family', 'task', 'layers', ...(input === undefined ? [] : ['input'])];
  fields.only(isImage ? known : [...known, ...TEXT_FIELDS]);
  const task = readTask(fields.raw('task'));
  const text = isImage ? null : readTextFields(fields);
  const chain = readChain(fields.raw('layers'), 'spec.layers', chainInput(input, text));
  const { kind, width } = chain.output;
  const due = task.kind === 'embed' ? width : task.labels.length;
  if (kind !== (task.kind === 'tag' ? 'sequence' : 'vector') || width !== due) {
    throw new StudentFormatError('layerOutput', `${kind} of ${width} for ${task.kind} of ${due}`);
  }
  const arenaBytes = chain.values * Float32Array.BYTES_PER_ELEMENT;
  if (arenaBytes > MAX_ARENA_BYTES) throw new StudentFormatError('arenaSize', `${arenaBytes} bytes`);
  if (text?.tokenizer.kind === 'hashed' && chain.layers[1].kind !== 'weightedMean') {
    throw new StudentFormatError('tokenizer', `hashed ids, which have no order, before ${chain.layers[1].kind}`);
  }
  return {
    name: fields.get('name', { type: 'text', max: 128 }),
    family: fields.get('family', { type: 'choice', of: ['static', 'conv', 'transformer', 'image'] }),
    task,
    ...(input === undefined ? {} : { input }),
    ...text,
    layers: chain.layers,
  } as StudentSpec;
}

const TEXT_FIELDS = ['tokenizer', 'maxCharacters', 'maxTokens'] as const;

function readTextFields(fields: Fields): Pick<TextStudentSpec, (typeof TEXT_FIELDS)[number]> {
  const maxTokens = fields.get<number>('maxTokens', maxTokensRule);
  const tokenizer = readTokenizer(fields.raw('tokenizer'), maxTokens);
  const maxCharacters = fields.get<number>('maxCharacters', { type: 'integer', min: 1, max: MAX_CHARACTERS });
  return { tokenizer, maxCharacters, maxTokens };
}

function readInput(value: unknown): StudentSpec['input'] {
  if (value === undefined) return undefined;
  const fields = new Fields(value, 'spec.input');
  const kind = fields.get<'pair' | 'image'>('kind', { type: 'choice', of: ['pair', 'image'] });
  const size: FieldRule = { type: 'integer', min: 1, max: MAX_WIDTH };
  const rules = kind === 'pair' ? {} : { height: size, width: size, channels: size };
  return fields.read(kind, rules) as unknown as StudentSpec['input'];
}

/** What layer `position` of the outer chain of a valid spec writes; what joins the texts of a pair is not behind it. */
export function outputOf(spec: StudentSpec, position: number): Flow {
  const input = chainInput(spec.input, 'tokenizer' in spec ? spec : null);
  return readChain(spec.layers.slice(0, position + 1), 'spec.layers', input).output;
}

function chainInput(input: StudentSpec['input'], text: ReturnType<typeof readTextFields> | null): ChainInput {
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

/** The tasks, and what each has beside its kind. */
const TASK_FIELDS: Readonly<Record<TaskKind, readonly string[]>> = {
  classify: ['labels', 'multiLabel'],
  tag: ['labels'],
  embed: [],
};

function readTask(value: unknown): TaskSpec {
  const fields = new Fields(value, 'spec.task');
  const kind = fields.get<TaskKind>('kind', { type: 'choice', of: Object.keys(TASK_FIELDS) });
  fields.only(['kind', ...TASK_FIELDS[kind]]);
  if (kind === 'embed') return { kind };
  const multiLabel = kind === 'classify' && fields.get<boolean>('multiLabel', FLAG);
  const labels = fields.get<readonly unknown[]>('labels', { type: 'array', length: MAX_LABELS });
  const valid = labels.every((label): label is string => typeof label === 'string' && label.length > 0);
  if (!valid || new Set(labels).size !== labels.length || labels.length < (multiLabel ? 1 : 2)) {
    throw new StudentFormatError('labels', shown(labels));
  }
  const named = { labels: labels as readonly string[] };
  return kind === 'tag' ? { kind, ...named } : { kind, ...named, multiLabel };
}

/** Parses the text of `provenance`. */
export function readProvenance(text: string): Provenance {
  const value = parseCanonical(text, 'specJson', {});
  if (!isObject(value)) throw new StudentFormatError('specJson', shown(value));
  const fields = new Fields(value, 'provenance');
  fields.only(['teacher', 'configHash', 'metrics']);
  return {
    ...(fields.raw('teacher') === undefined ? {} : { teacher: readTeacher(fields.raw('teacher')) }),
    ...(fields.raw('configHash') === undefined
      ? {}
      : { configHash: fields.get<string>('configHash', { type: 'text', max: 64 }) }),
    ...(fields.raw('metrics') === undefined ? {} : { metrics: readMetrics(fields.raw('metrics')) }),
  };
}

function readTeacher(value: unknown): NonNullable<Provenance['teacher']> {
  const fields = new Fields(value, 'provenance.teacher');
  fields.only(['name', 'id', 'accuracy']);
  const text: FieldRule = { type: 'text', max: 256 };
  const teacher = { name: fields.get<string>('name', text), id: fields.get<string>('id', text) };
  return fields.raw('accuracy') === undefined
    ? teacher
    : { ...teacher, accuracy: fields.get<number>('accuracy', { type: 'number', min: 0, max: 1 }) };
}

function readMetrics(value: unknown): Readonly<Record<string, number>> {
  const fields = new Fields(value, 'provenance.metrics');
  const names = Object.keys(value as object);
  return Object.fromEntries(
    names.map((name) => [
      name,
      fields.get<number>(name, { type: 'number', min: -Number.MAX_VALUE, max: Number.MAX_VALUE }),
    ]),
  );
}
