/** Reads the spec and the provenance of a student from untrusted JSON. */
import { readChain } from './chain.ts';
import { Fields } from './fields.ts';
import { isObject, parseCanonical, shown } from './json.ts';
import { MAX_VOCAB_SIZE } from './layers.ts';
import { StudentFormatError } from './rules.ts';
import type { Provenance, SpecialTokens, StudentSpec, TaskSpec, TokenizerSpec } from './spec.ts';

/** Longest text a student may read, in UTF-16 code units: bounds the time of one prediction. */
export const MAX_CHARACTERS = 1_048_576;
/** Most tokens a student may read. */
export const MAX_TOKENS = 65_536;
/** Most special tokens before a text, and behind it. */
export const MAX_SPECIAL_TOKENS = 16;
/** Most characters of a word that WordPiece may be asked to cut: bounds the time, which can grow with their square. */
export const MAX_WORD_CHARACTERS = 1000;
/** Most labels. */
export const MAX_LABELS = 4096;
/** Most bytes that the activations of the longest text may take: half of what a Worker has is for everything else. */
export const MAX_ARENA_BYTES = 67_108_864;

/** Parses the text of `spec` and checks everything that can be checked without the tensors. */
export function readSpec(text: string): StudentSpec {
  const value = parseCanonical(text, 'specJson', {});
  if (!isObject(value)) throw new StudentFormatError('specJson', shown(value));
  const fields = new Fields(value, 'spec');
  fields.only(['name', 'family', 'task', 'tokenizer', 'maxCharacters', 'maxTokens', 'layers']);
  const task = readTask(fields.raw('task'));
  const tokenizer = readTokenizer(fields.raw('tokenizer'));
  const maxTokens = fields.integer('maxTokens', 1, MAX_TOKENS);
  const chain = readChain(fields.raw('layers'), 'spec.layers', vocabSizeOf(tokenizer));
  if (chain.output.kind !== 'vector' || chain.output.width !== task.labels.length) {
    const got = `${chain.output.kind} of ${chain.output.width} for ${task.labels.length} labels`;
    throw new StudentFormatError('layerOutput', got);
  }
  const arenaBytes = maxTokens * chain.valuesPerToken * Float32Array.BYTES_PER_ELEMENT;
  if (arenaBytes > MAX_ARENA_BYTES) throw new StudentFormatError('arenaSize', `${arenaBytes} bytes`);
  if (tokenizer.kind === 'hashed' && chain.layers[1].kind !== 'weightedMean') {
    throw new StudentFormatError('tokenizer', `hashed ids, which have no order, before ${chain.layers[1].kind}`);
  }
  if ('prefixIds' in tokenizer && tokenizer.prefixIds.length + tokenizer.suffixIds.length > maxTokens) {
    throw new StudentFormatError('tokenizer', `more special tokens than the ${maxTokens} of maxTokens`);
  }
  return {
    name: fields.text('name', 128),
    family: fields.choice('family', ['static', 'conv']),
    task,
    tokenizer,
    maxCharacters: fields.integer('maxCharacters', 1, MAX_CHARACTERS),
    maxTokens,
    layers: chain.layers,
  };
}

/** Number of different ids that a tokenizer gives. */
export function vocabSizeOf(tokenizer: TokenizerSpec): number {
  return tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
}

function readTask(value: unknown): TaskSpec {
  const fields = new Fields(value, 'spec.task');
  fields.only(['kind', 'labels', 'multiLabel']);
  const kind = fields.choice('kind', ['classify']);
  const multiLabel = fields.boolean('multiLabel');
  const labels = fields.array('labels', MAX_LABELS);
  const valid = labels.every((label): label is string => typeof label === 'string' && label.length > 0);
  if (!valid || new Set(labels).size !== labels.length || labels.length < (multiLabel ? 1 : 2)) {
    throw new StudentFormatError('labels', shown(labels));
  }
  return { kind, labels: labels as readonly string[], multiLabel };
}

function readTokenizer(value: unknown): TokenizerSpec {
  const fields = new Fields(value, 'spec.tokenizer');
  const kind = fields.choice('kind', ['hashed', 'unigram', 'wordpiece']);
  return kind === 'hashed' ? readHashed(fields) : kind === 'unigram' ? readUnigram(fields) : readWordPiece(fields);
}

function readHashed(fields: Fields): TokenizerSpec {
  fields.only(['kind', 'buckets', 'wordNgrams', 'charNgrams']);
  const buckets = fields.integer('buckets', 1, MAX_VOCAB_SIZE);
  const wordNgrams = fields.integer('wordNgrams', 0, 5);
  const range = fields.raw('charNgrams');
  if (range === null) {
    if (wordNgrams === 0) throw new StudentFormatError('tokenizer', 'neither word nor character n-grams');
    return { kind: 'hashed', buckets, wordNgrams, charNgrams: null };
  }
  const [min, max, ...rest] = fields.array('charNgrams', 2) as readonly number[];
  if (!Number.isInteger(min) || !Number.isInteger(max) || rest.length > 0 || min < 1 || max < min || max > 8) {
    fields.fail('charNgrams', 'null or [min, max] with 1 <= min <= max <= 8');
  }
  return { kind: 'hashed', buckets, wordNgrams, charNgrams: [min, max] };
}

function readUnigram(fields: Fields): TokenizerSpec {
  fields.only(['kind', 'vocabSize', 'unknownId', 'controlIds']);
  const vocabSize = fields.integer('vocabSize', 1, MAX_VOCAB_SIZE);
  const unknownId = fields.integer('unknownId', 0, vocabSize - 1);
  const controlIds = fields.array('controlIds', 1024) as readonly number[];
  const valid = controlIds.every((id) => Number.isInteger(id) && id >= 0 && id < vocabSize && id !== unknownId);
  if (!valid || new Set(controlIds).size !== controlIds.length) {
    throw new StudentFormatError('tokenizer', `controlIds ${shown(controlIds)} of ${vocabSize} ids`);
  }
  return { kind: 'unigram', vocabSize, unknownId, controlIds };
}

function readWordPiece(fields: Fields): TokenizerSpec {
  const flags = ['cleanText', 'spaceIdeographs', 'stripAccents', 'lowercase'] as const;
  fields.only(['kind', 'vocabSize', 'unknownId', 'prefixIds', 'suffixIds', ...flags, 'maxCharactersPerWord']);
  const [cleanText, spaceIdeographs, stripAccents, lowercase] = flags.map((flag) => fields.boolean(flag));
  const maxCharactersPerWord = fields.integer('maxCharactersPerWord', 1, MAX_WORD_CHARACTERS);
  const vocabulary = { kind: 'wordpiece', ...readIds(fields) } as const;
  return { ...vocabulary, cleanText, spaceIdeographs, stripAccents, lowercase, maxCharactersPerWord };
}

/** The ids of a vocabulary with special tokens around every text. */
function readIds(fields: Fields): SpecialTokens & { readonly vocabSize: number; readonly unknownId: number } {
  const vocabSize = fields.integer('vocabSize', 1, MAX_VOCAB_SIZE);
  const [prefixIds, suffixIds] = ['prefixIds', 'suffixIds'].map((key) => {
    const ids = fields.array(key, MAX_SPECIAL_TOKENS) as readonly number[];
    if (ids.every((id) => Number.isInteger(id) && id >= 0 && id < vocabSize)) return ids;
    throw new StudentFormatError('tokenizer', `${key} ${shown(ids)} of ${vocabSize} ids`);
  });
  return { vocabSize, unknownId: fields.integer('unknownId', 0, vocabSize - 1), prefixIds, suffixIds };
}

/** Parses the text of `provenance`. */
export function readProvenance(text: string): Provenance {
  const value = parseCanonical(text, 'specJson', {});
  if (!isObject(value)) throw new StudentFormatError('specJson', shown(value));
  const fields = new Fields(value, 'provenance');
  fields.only(['teacher', 'configHash', 'metrics']);
  return {
    ...(fields.raw('teacher') === undefined ? {} : { teacher: readTeacher(fields.raw('teacher')) }),
    ...(fields.raw('configHash') === undefined ? {} : { configHash: fields.text('configHash', 64) }),
    ...(fields.raw('metrics') === undefined ? {} : { metrics: readMetrics(fields.raw('metrics')) }),
  };
}

function readTeacher(value: unknown): NonNullable<Provenance['teacher']> {
  const fields = new Fields(value, 'provenance.teacher');
  fields.only(['name', 'id', 'accuracy']);
  const teacher = { name: fields.text('name', 256), id: fields.text('id', 256) };
  return fields.raw('accuracy') === undefined ? teacher : { ...teacher, accuracy: fields.number('accuracy', 0, 1) };
}

function readMetrics(value: unknown): Readonly<Record<string, number>> {
  const fields = new Fields(value, 'provenance.metrics');
  const names = Object.keys(value as object);
  return Object.fromEntries(names.map((name) => [name, fields.number(name, -Number.MAX_VALUE, Number.MAX_VALUE)]));
}
