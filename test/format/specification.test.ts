/** Holds FORMAT.md against the code: rules, fields, layers, tokenizers, limits, the worked example and the test vectors. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type BpeTokenizerSpec,
  type DType,
  decodeFloat16,
  encodeStudent,
  FORMAT_RULES,
  FORMAT_VERSION,
  LAYER_RULES,
  type LayerRule,
  MAX_LAYER_DEPTH,
  MAX_LAYERS,
  MAX_WIDTH,
  outputOf,
  readSpec,
  type StudentFile,
  type StudentSpec,
  type TaskKind,
  type Tensor,
  TOKENIZER_FIELDS,
  type TokenizerSpec,
  taskLabels,
  type UnigramTokenizerSpec,
  unpackInt4,
  versionOf,
  type WordPieceTokenizerSpec,
} from '../../src/format/index.ts';
import { MAX_JSON_DEPTH } from '../../src/format/json.ts';
import { MAX_ARENA_BYTES, MAX_CHARACTERS, MAX_LABELS } from '../../src/format/read-spec.ts';
import { MAX_DIMENSION, MAX_HEADER_BYTES, MAX_TENSORS } from '../../src/format/safetensors.ts';
import { MAX_TOKENS } from '../../src/format/tokenizers.ts';
import { activateF32, expF32, powerLevel, sigmoidF32 } from '../../src/runtime/kernels/float.ts';
import { ACTIVATION_CODES } from '../../src/runtime/kernels/kernels.ts';
import { type PredictorInput, readStudent } from '../../src/runtime/node.ts';
import { createTokenizer } from '../../src/runtime/tokenizers/create-tokenizer.ts';
import type { Limits } from '../../src/runtime/tokenizers/tokenizer.ts';
import { bpeVocabulary, unigramVocabulary, wordPieceVocabulary } from '../../src/train/tokenizers/vocabulary.ts';
import { type Answer, answerOf, type Reading, toBits } from '../support/answers.ts';
import { convStudent, embedStudent, imageStudent, pairStudent, tagStudent } from '../support/students.ts';
import { TINY_STUDENT } from '../support/tiny-student.ts';

const TEXT = readFileSync(new URL('../../FORMAT.md', import.meta.url), 'utf8');

/** What stands under a heading, up to the next heading of its level or above. */
function section(heading: string): string {
  const level = heading.indexOf(' ');
  const [, ...behind] = `\n${TEXT}`.split(`\n${heading}\n`);
  expect(behind, `sections called "${heading}"`).toHaveLength(1);
  return behind[0].split(new RegExp(`^#{1,${level}} `, 'm'))[0];
}

/** Names and texts of the rows of the first table of a text. */
function tableRows(text: string): readonly (readonly [name: string, text: string])[] {
  return [...text.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, name, meaning]) => [name, meaning]);
}

/** The rows of a text's tables whose second cell lists fields, or says that there are none. */
function fieldsByKind(text: string): readonly (readonly [kind: string, fields: readonly string[], rest: string])[] {
  return [...text.matchAll(/^\| `(\w+)` \| ((?:`\w+`(?:, )?)+|none) \| (.*) \|$/gm)].map(([, kind, fields, rest]) => [
    kind,
    [...fields.matchAll(/`(\w+)`/g)].map(([, field]) => field),
    rest,
  ]);
}

/** Holds an object of a spec against the fields that the document gives to its kind. */
function expectFields(spec: StudentSpec, part: 'task' | 'input', fields: readonly string[]): void {
  const value: Readonly<Record<string, unknown>> = { ...spec[part] };
  expect(Object.keys(value).sort()).toEqual(['kind', ...fields].sort());
  const read = (changed: unknown): StudentSpec => readSpec(JSON.stringify({ ...spec, [part]: changed }));
  expect(read(value)).toEqual(spec);
  expect(() => read({ ...value, another: 1 })).toThrow(`spec.${part}.another`);
  for (const name of ['kind', ...fields]) {
    const { [name]: _, ...rest } = value;
    expect(() => read(rest), name).toThrow(`spec.${part}.${name} = `);
  }
}

/** The kinds that a reader takes, by what it says of another one. */
function kindsOf(spec: StudentSpec, part: 'task' | 'input'): readonly string[] {
  try {
    readSpec(JSON.stringify({ ...spec, [part]: { kind: 'another' } }));
  } catch (error) {
    return (error as Error).message.match(/not choice ([\w,]+)/)![1].split(',');
  }
  throw new Error(`${part}: expected a reader that refuses an unknown kind`);
}

function fenced(language: string): string {
  const blocks = [...TEXT.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))];
  expect(blocks, `blocks of ${language}`).toHaveLength(1);
  return blocks[0][1];
}

/** An F32 value from the hexadecimal digits of its bits, and back. */
function fromBits(digits: string): number {
  return new Float32Array(new Uint32Array([Number.parseInt(digits, 16)]).buffer)[0];
}

interface Tokenized extends Reading {
  readonly text: string;
}

/** A student with what it answers. */
interface StudentVectors {
  readonly spec: StudentSpec;
  readonly tensors: Readonly<Record<string, readonly [DType, shape: readonly number[], values: readonly number[]]>>;
  /** The input of an image is a list of bytes. */
  readonly answers: readonly (Answer & { readonly input: PredictorInput | readonly number[] })[];
}

interface Vectors {
  readonly student: readonly (Tokenized & { readonly logits: readonly string[]; readonly scores: readonly string[] })[];
  readonly students: readonly StudentVectors[];
  readonly hashedSpec: TokenizerSpec & Limits;
  readonly hashed: readonly Tokenized[];
  readonly unigramSpec: UnigramTokenizerSpec & Limits;
  readonly pieces: readonly (readonly [piece: string, score: number])[];
  readonly unigram: readonly Tokenized[];
  readonly wordpieceSpec: WordPieceTokenizerSpec & Limits;
  readonly wordpiecePieces: readonly string[];
  readonly wordpiece: readonly Tokenized[];
  readonly bpeSpec: BpeTokenizerSpec & Limits;
  readonly bpePieces: readonly (readonly [hex: string, split: number, rank: number])[];
  readonly bpe: readonly Tokenized[];
  readonly int4: readonly { readonly weight: string; readonly scale: string; readonly row: readonly string[] }[];
  readonly functions: readonly Readonly<Record<'x' | 'exp' | 'sigmoid' | 'gelu' | 'silu', string>>[];
  readonly levels: readonly { readonly x: string; readonly level: number }[];
}

const VECTORS: Vectors = JSON.parse(fenced('json'));

const ARRAYS = { I8: Int8Array, U8: Uint8Array, F16: Int16Array, F32: Float32Array } as const;

function fileOf({ spec, tensors }: StudentVectors): StudentFile {
  const read = Object.entries(tensors).map(([name, [dtype, shape, values]]): [string, Tensor] => {
    const data = ARRAYS[dtype].from(values);
    expect([...data], name).toEqual(values);
    return [name, { dtype, shape, data }];
  });
  return { spec, provenance: {}, tensors: new Map(read) };
}

function expectTokens(
  spec: TokenizerSpec & Limits,
  cases: readonly Tokenized[],
  tensors: ReadonlyMap<string, Tensor> = new Map(),
): void {
  const tokenizer = createTokenizer(spec, spec, tensors);
  expect(cases.length).toBeGreaterThan(5);
  for (const { text, ids, truncated } of cases) {
    const encoding = tokenizer.encode(text);
    expect([...tokenizer.ids.slice(0, encoding.count)], text).toEqual(ids);
    expect(encoding.truncated, text).toBe(truncated);
  }
}

describe('FORMAT.md', () => {
  it('says every rule in its table, and no other', () => {
    expect(tableRows(section('## 12. Rules')).map(([rule]) => rule)).toEqual(Object.keys(FORMAT_RULES));
  });

  it('says which version it describes', () => {
    expect(TEXT).toContain(`version ${FORMAT_VERSION}.`);
    expect(section('## 3. Header')).toContain(`| \`format_version\` | \`${FORMAT_VERSION}\``);
  });

  it('states every limit where the code has it', () => {
    const shown = (limit: number): string => limit.toLocaleString('en-US');
    expect(section('## 1. Framing')).toContain(shown(MAX_HEADER_BYTES));
    expect(section('## 2. JSON')).toContain(`at most ${MAX_JSON_DEPTH} deep`);
    expect(section('## 3. Header')).toContain(`from 1 to ${shown(MAX_DIMENSION)}`);
    expect(section('## 3. Header')).toContain(`at most ${MAX_TENSORS} tensors`);
    for (const limit of [MAX_CHARACTERS, MAX_TOKENS, MAX_ARENA_BYTES]) {
      expect(section('## 4. Spec')).toContain(shown(limit));
    }
    expect(section('## 7. Layers')).toContain(`at most ${MAX_LAYERS} layers`);
    expect(section('## 7. Layers')).toContain(`more than ${MAX_LAYER_DEPTH} deep`);
    expect(section('## 8. Task')).toContain(`at most ${shown(MAX_LABELS)} strings`);
  });

  it('has a section for every layer kind with its fields, ranges, tensors and shapes, and for no other kind', () => {
    const kinds = [...section('## 7. Layers').matchAll(/^### `(\w+)`$/gm)].map(([, kind]) => kind);
    expect(kinds).toEqual(Object.keys(LAYER_RULES));
    for (const [kind, rule] of Object.entries<LayerRule>(LAYER_RULES)) {
      const { fields = {}, tensors = {} } = rule;
      const text = section(`### \`${kind}\``);
      const names = [...Object.keys(fields), ...Object.keys(tensors)];
      expect(tableRows(text).map(([name]) => name)).toEqual(names);
      const rows = new Map(tableRows(text));
      for (const [name, field] of Object.entries(fields)) {
        if (field.type !== 'integer') continue;
        const range = `integer, 1 to ${field.max.toLocaleString('en-US')}`;
        expect(rows.get(name), `${kind}.${name}`).toBe(field.odd ? `odd ${range}` : range);
      }
      for (const [name, shape] of Object.entries(tensors)) {
        expect(rows.get(name), `${kind}.${name}`).toContain(`\`[${shape.join(', ')}]\``);
        expect(rows.get(name)?.includes('matrix'), `${kind}.${name}`).toBe(shape.length > 1);
      }
      for (const flow of [rule.reads].flat()) expect(text).toMatch(new RegExp(`^Reads .*${flow}`, 'm'));
    }
  });

  it('has every task in its table with its fields, what the layers end in and the version, and no other', () => {
    const students = { classify: convStudent(), tag: tagStudent(), embed: embedStudent() };
    const rows = fieldsByKind(section('## 8. Task'));
    expect(rows.map(([kind]) => kind)).toEqual(kindsOf(students.classify.spec, 'task'));
    for (const [kind, fields, rest] of rows) {
      const { spec } = students[kind as TaskKind];
      expectFields(spec, 'task', fields);
      const [, flow] = rest.match(/^(vector|sequence) of /)!;
      expect(outputOf(spec, spec.layers.length - 1).kind, kind).toBe(flow);
      expect(rest.match(/version (\d)/)?.[1] ?? '1', kind).toBe(String(versionOf(spec, new Map())));
    }
  });

  it('has every input in its table with its fields and their ranges, and no other', () => {
    const text = section('### Input');
    const students = { pair: pairStudent(), image: imageStudent() };
    const rows = fieldsByKind(text);
    expect(rows.map(([kind]) => kind)).toEqual(kindsOf(students.pair.spec, 'input'));
    for (const [kind, fields] of rows) expectFields(students[kind as keyof typeof students].spec, 'input', fields);
    const { spec } = students.image;
    const fields = rows.flatMap(([, names]) => names);
    const ranges = tableRows(text).filter(([name]) => fields.includes(name));
    expect(ranges.map(([name]) => name)).toEqual(fields);
    for (const [name, range] of ranges) {
      expect(range, name).toBe(`integer, 1 to ${MAX_WIDTH.toLocaleString('en-US')}`);
      for (const value of [0, 1.5, MAX_WIDTH + 1]) {
        const changed = { ...spec, input: { ...spec.input, [name]: value } };
        expect(() => readSpec(JSON.stringify(changed)), name).toThrow(`spec.input.${name} = ${value}`);
      }
    }
  });

  it('has every field of a spec in its table, and says which may be left out', () => {
    const { spec } = pairStudent();
    const rows = tableRows(section('## 4. Spec').split('### Input')[0]);
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(spec).sort());
    for (const [name, meaning] of rows) {
      const { [name as keyof StudentSpec]: _, ...rest } = spec;
      const isOptional = meaning.includes('MAY be left out');
      // A pair without its input still has what joins two texts.
      expect(() => readSpec(JSON.stringify(rest)), name).toThrow(isOptional ? 'pairFeatures' : `spec.${name}`);
    }
  });

  it('has a section for every tokenizer kind with its fields and ranges, and every activation in its table', () => {
    const kinds = [...section('## 6. Tokenizers').matchAll(/^### `(\w+)`$/gm)].map(([, kind]) => kind);
    expect(kinds).toEqual(Object.keys(TOKENIZER_FIELDS));
    for (const [kind, fields] of Object.entries(TOKENIZER_FIELDS)) {
      const rows = new Map(tableRows(section(`### \`${kind}\``)));
      expect([...rows.keys()]).toEqual(Object.keys(fields));
      for (const [name, field] of Object.entries(fields)) {
        if (field.type !== 'integer') continue;
        const range = `integer, ${field.min} to ${field.max.toLocaleString('en-US')}`;
        expect(rows.get(name), `${kind}.${name}`).toContain(range);
      }
    }
    const names = tableRows(section('### Arithmetic')).map(([name]) => name);
    expect(names).toEqual(Object.keys(ACTIVATION_CODES));
  });

  it('shows the bytes of the tiny student', async () => {
    const lines = fenced('hexdump').trimEnd().split('\n');
    const bytes = lines.flatMap((line, i) => {
      expect(line.slice(0, 8)).toBe(`${(16 * i).toString(16).padStart(6, '0')}  `);
      return [...line.slice(8, 55).matchAll(/[0-9a-f]{2}/g)].map(([digits]) => Number.parseInt(digits, 16));
    });
    expect(Uint8Array.from(bytes)).toEqual(await encodeStudent(TINY_STUDENT));
    expect(section('## 13. Example')).toContain(`${bytes.length.toLocaleString('en-US')} bytes`);
  });

  it.each(['simd', 'scalar'] as const)('has test vectors that hold for the student on %s kernels', async (kernels) => {
    const student = readStudent(await encodeStudent(TINY_STUDENT), { kernels });
    const labels = taskLabels(TINY_STUDENT.spec.task);
    for (const { text, ids, truncated, logits, scores } of VECTORS.student) {
      expect(student.tokenize(text), text).toEqual({ ids: Int32Array.from(ids), truncated });
      expect(Array.from(student.logits(text), toBits), text).toEqual(logits);
      const byLabel = new Map(student.classify(text).map(({ label, score }) => [label, toBits(score)]));
      expect(
        labels.map((label) => byLabel.get(label)),
        text,
      ).toEqual(scores);
    }
  });

  it('has test vectors of each task and input of version 4, of each layer kind that came with it, and of attention', () => {
    const specs = VECTORS.students.map(({ spec }) => spec);
    expect(specs.map(({ task, input }) => [task.kind, input?.kind])).toEqual([
      ['classify', 'pair'],
      ['classify', 'image'],
      ['tag', undefined],
      ['embed', undefined],
      ['classify', undefined],
    ]);
    const kinds = specs.flatMap(({ layers }) => layers.map(({ kind }) => kind));
    expect(kinds).toEqual(
      expect.arrayContaining(['pairFeatures', 'conv2d', 'maxPool2d', 'flatten', 'attention', 'attentionPool']),
    );
  });

  it.each(['simd', 'scalar'] as const)('has test vectors that hold for the students on %s kernels', async (kernels) => {
    for (const vectors of VECTORS.students) {
      const student = readStudent(await encodeStudent(fileOf(vectors)), { kernels });
      for (const { input, ...expected } of vectors.answers) {
        const given = Array.isArray(input) ? Uint8Array.from(input) : (input as PredictorInput);
        expect(answerOf(student, given), `${vectors.spec.name}: ${JSON.stringify(input)}`).toEqual(expected);
      }
    }
  });

  it('has test vectors that hold for every tokenizer', () => {
    expectTokens(VECTORS.hashedSpec, VECTORS.hashed);
    const pieces = VECTORS.pieces.map(([piece]) => piece);
    const scores = Float32Array.from(VECTORS.pieces, ([, score]) => score);
    const { tensors } = unigramVocabulary(pieces, scores, VECTORS.unigramSpec);
    expectTokens(VECTORS.unigramSpec, VECTORS.unigram, tensors);
    const wordPiece = wordPieceVocabulary(VECTORS.wordpiecePieces, VECTORS.wordpieceSpec);
    expectTokens(VECTORS.wordpieceSpec, VECTORS.wordpiece, wordPiece.tensors);
    const bytes = VECTORS.bpePieces.map(([hex]) => Uint8Array.from(Buffer.from(hex, 'hex')));
    const splits = Uint8Array.from(VECTORS.bpePieces, ([, split]) => split);
    const ranks = Float32Array.from(VECTORS.bpePieces, ([, , rank]) => rank);
    expectTokens(VECTORS.bpeSpec, VECTORS.bpe, bpeVocabulary(bytes, splits, VECTORS.bpeSpec, ranks).tensors);
  });

  it('has test vectors that hold for int4', () => {
    expect(VECTORS.int4.length).toBeGreaterThan(2);
    for (const { weight, scale, row } of VECTORS.int4) {
      const [factor] = decodeFloat16(Int16Array.of(Number.parseInt(scale, 16)));
      const values = unpackInt4(Uint8Array.from(Buffer.from(weight, 'hex')));
      expect(Array.from(values, (value) => toBits(value * factor))).toEqual(row);
    }
  });

  it('has test vectors that hold for the elementary functions', () => {
    for (const { x, ...expected } of VECTORS.functions) {
      const value = fromBits(x);
      const { gelu, silu } = ACTIVATION_CODES;
      const got = [expF32(value), sigmoidF32(value), activateF32(value, gelu), activateF32(value, silu)];
      expect(got.map(toBits), x).toEqual([expected.exp, expected.sigmoid, expected.gelu, expected.silu]);
    }
    for (const { x, level } of VECTORS.levels) expect(powerLevel(fromBits(x)), x).toBe(level);
  });
});
