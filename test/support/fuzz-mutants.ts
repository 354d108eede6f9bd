/**
 * Mutants of student files. Half of them are structural: they change the header on purpose (offsets, shapes, dtypes,
 * names, spec, lengths, versions, `__proto__`). The others change bytes, of the data mostly, since random bytes of the
 * header are refused at once. The SHA-256 is repaired after every mutation, so that mutants reach the rules behind it.
 */
import { createHash } from 'node:crypto';
import { encodeFloat16, FORMAT_VERSION } from '../../src/format/index.ts';
import { assemble, floatWeight, type Header, split } from '../format/malformed.ts';
import { seeded } from './students.ts';

/** A source of numbers below `n`, and of choices. */
interface Dice {
  readonly below: (n: number) => number;
  readonly pick: <T>(of: readonly T[]) => T;
}

/** Dice over a generator of numbers in [0, 1). */
function dice(random: () => number): Dice {
  const below = (n: number): number => Math.floor(random() * n);
  return { below, pick: (of) => of[below(of.length)] };
}

/** A file in the hands of a mutator, which may replace every part of it. */
interface Mutant {
  header: Header;
  spec: Header;
  data: Uint8Array;
  /** Header text to write instead of the JSON of `header`. */
  text?: string;
  /** Changes the finished file. */
  finish?: (bytes: Uint8Array) => Uint8Array;
}

type Mutator = (mutant: Mutant, dice: Dice) => void;

const WILD: readonly unknown[] = [
  ...[0, -1, 1.5, 2 ** 24 + 1, 2 ** 31, 2 ** 53, 1e308, null, '', 'x', [], {}, true, '\u0000', -0.0, 65_537],
];

const layerNames = (header: Header): string[] => Object.keys(header).filter((name) => name.startsWith('layers.'));
const tensorOf = (m: Mutant, d: Dice): Header => m.header[d.pick(layerNames(m.header))];

/** Every layer of a spec, nested ones too. */
function layersOf(layers: readonly Header[]): Header[] {
  return layers.flatMap((layer) => [layer, ...(layer.kind === 'residual' ? layersOf(layer.layers) : [])]);
}

/** The objects of a spec. */
function partsOf(spec: Header): Header[] {
  const parts = [spec, spec.task, spec.tokenizer, spec.input, ...layersOf(spec.layers)];
  return parts.filter((part) => part !== undefined);
}

function setField(object: Header, dice: Dice): void {
  object[dice.pick(Object.keys(object))] = dice.pick(WILD);
}

function floatAt(m: Mutant, d: Dice, names: readonly string[], value: number): void {
  if (names.length === 0) return;
  const { dtype, data_offsets: offsets } = m.header[d.pick(names)];
  const bytes = dtype === 'F16' ? 2 : 4;
  const at = offsets[0] + bytes * d.below((offsets[1] - offsets[0]) / bytes);
  const view = new DataView(m.data.buffer);
  if (dtype === 'F16') view.setInt16(at, encodeFloat16(Float32Array.of(value))[0], true);
  else view.setFloat32(at, value, true);
}

function rename(header: Header, from: string, to: string): void {
  header[to] = header[from];
  delete header[from];
}

function appendTensor(m: Mutant, name: string, bytes: number): void {
  const gap = -m.data.length & 15;
  const data = new Uint8Array(m.data.length + gap + bytes);
  data.set(m.data);
  if (gap > 0)
    m.header['_pad.9999'] = { dtype: 'U8', shape: [gap], data_offsets: [m.data.length, m.data.length + gap] };
  m.header[name] = { dtype: 'U8', shape: [bytes], data_offsets: [data.length - bytes, data.length] };
  m.data = data;
}

const setLength =
  (length: (d: Dice, bytes: Uint8Array) => bigint): Mutator =>
  (m, d) => {
    m.finish = (bytes) => {
      new DataView(bytes.buffer).setBigUint64(0, length(d, bytes), true);
      return bytes;
    };
  };

/** Changes of single fields of the container. */
const CONTAINER: readonly Mutator[] = [
  (m, d) => {
    m.finish = (bytes) => bytes.slice(0, d.below(8));
  },
  setLength((d) => BigInt(262_145 + d.below(2 ** 31))),
  setLength((d) => 2n ** 32n * BigInt(1 + d.below(9))),
  setLength((d, bytes) => BigInt(Math.ceil(bytes.length / 64) * 64 + 56 + 64 * d.below(99))),
  setLength((d) => BigInt(1 + d.below(55))),
  (m, d) => {
    m.finish = (bytes) => bytes.fill(0xff, 9 + d.below(40), 50);
  },
  (m, d) => {
    m.text = JSON.stringify(m.header).slice(0, -1 - d.below(30));
  },
  (m, d) => {
    m.text = d.pick(['[]', 'null', '3', '"x"', 'true']);
  },
  (m, d) => {
    m.text = JSON.stringify(m.header).replace('{', d.pick(['{ ', '{"a":1,"a":1,', '{"__proto__":1,"__proto__":2,']));
  },
  (m, d) => {
    if (d.below(2) === 0) delete m.header.__metadata__;
    else m.header.__metadata__ = d.pick([null, 3, [], 'x']);
  },
  (m, d) => {
    m.header.__metadata__[d.pick(['spec', 'format', 'sha256'])] = d.pick([1, null, {}, []]);
  },
  (m, d) => {
    m.header.__metadata__[d.pick(['extra', '__proto__x', 'Format'])] = 'x';
  },
  (m, d) => {
    m.header.__metadata__.format = d.pick(['pt', '', 'RETORT-STUDENT', 'gguf']);
  },
  (m, d) => {
    m.header.__metadata__.format_version = d.pick([String(FORMAT_VERSION + 1), '0', '1.0', '99', '', '-1', '1']);
  },
  (m, d) => {
    m.header.__metadata__.sha256 = d.pick(['', 'x'.repeat(64), 'A'.repeat(64)]);
  },
  (m, d) => {
    for (let i = 0; i < 513 + d.below(20); i++) m.header[`t${i}`] = 0;
  },
  (m, d) => {
    m.text = JSON.stringify(m.header).replace(
      '"layers.0',
      d.pick(['"__proto__":{},"layers.0', '"é":{},"layers.0', '"a b":{},"layers.0']),
    );
  },
];

/** Changes of the tensors in the header, and of the values that the rules are about. */
const TENSORS: readonly Mutator[] = [
  (m, d) => {
    const tensor = tensorOf(m, d);
    if (d.below(2) === 0) delete tensor[d.pick(['dtype', 'shape', 'data_offsets'])];
    else tensor[d.pick(['__proto__x', 'extra'])] = 1;
  },
  (m, d) => {
    tensorOf(m, d).dtype = d.pick(['F64', 'F16', 'i8', '', 'BOOL', null, 3]);
  },
  (m, d) => {
    tensorOf(m, d).shape = d.pick([[], [0], [1.5], [-1], [2 ** 24 + 1], [1, 1, 1, 1, 1], 'x', null]);
  },
  (m, d) => {
    tensorOf(m, d).data_offsets = d.pick([[0], [8, 0], [-1, 4], [0, 2 ** 40], [0.5, 4], null, [0, 1, 2]]);
  },
  (m, d) => {
    const { shape } = tensorOf(m, d);
    shape[d.below(shape.length)] += d.pick([1, 2, 1000, 16_000_000]);
  },
  (m, d) => {
    const tensor = tensorOf(m, d);
    const [begin, end] = tensor.data_offsets;
    const shift = d.pick([-1, 1, 16, -16, 64]);
    const inside = begin + shift >= 0 && end + shift <= m.data.length;
    if (inside) tensor.data_offsets = [begin + shift, end + shift];
  },
  (m, d) => {
    const name = d.pick(
      layerNames(m.header).filter((key) => m.header[key].dtype === 'F32' && m.header[key].shape[0] > 2),
    );
    const [begin, end] = m.header[name].data_offsets;
    m.header['_pad.9999'] = { dtype: 'U8', shape: [4], data_offsets: [begin, begin + 4] };
    m.header[name] = { dtype: 'F32', shape: [(end - begin) / 4 - 1], data_offsets: [begin + 4, end] };
  },
  (m, d) => {
    const pads = Object.keys(m.header).filter((name) => name.startsWith('_pad.'));
    if (d.below(2) === 0) m.data[m.header[d.pick(pads)].data_offsets[0]] = 1 + d.below(255);
    else rename(m.header, d.pick(layerNames(m.header)), '_pad.7');
  },
  (m, d) => {
    m.finish = (bytes) => new Uint8Array([...bytes, ...new Uint8Array(1 + d.below(64))]);
  },
  (m, d) => {
    rename(m.header, d.pick(layerNames(m.header)), 'other');
  },
  (m, d) => appendTensor(m, d.pick(['other', 'layers.99.weight', 'tokenizer.extra']), 16 + d.below(48)),
  (m, d) => {
    const tensor = tensorOf(m, d);
    if (tensor.dtype === 'I8') tensor.dtype = 'U8';
    else tensor.shape = [1, ...tensor.shape];
  },
  (m) => {
    const last = `layers.${m.spec.layers.length - 1}.weight`;
    if (m.header[last]?.dtype === 'I8') m.data = floatWeight(m.header, last, m.data);
  },
  (m, d) =>
    floatAt(
      m,
      d,
      layerNames(m.header).filter((name) => ['F16', 'F32'].includes(m.header[name].dtype)),
      d.pick([Number.NaN, 1 / 0, -1 / 0]),
    ),
  (m, d) =>
    floatAt(
      m,
      d,
      Object.keys(m.header).filter((name) => name.endsWith('.scale')),
      d.pick([0, -1, -1e-30]),
    ),
  (m, d) => {
    const lengths = m.header['tokenizer.lengths'];
    if (lengths === undefined) return;
    m.data[lengths.data_offsets[0] + d.below(lengths.shape[0])] += d.pick([1, 2, 255]);
  },
  (m, d) => {
    const splits = m.header['tokenizer.splits'];
    if (splits === undefined) return;
    m.data[splits.data_offsets[0] + d.below(splits.shape[0])] = d.below(4);
  },
  (m, d) =>
    floatAt(
      m,
      d,
      Object.keys(m.header).filter((name) => name === 'tokenizer.ranks'),
      d.pick([0, 1, 7, 1_048_575, 0.5, -1]),
    ),
  (m, d) => {
    const pieces = m.header['tokenizer.pieces'];
    if (pieces === undefined) return;
    m.data[pieces.data_offsets[0] + d.below(pieces.shape[0])] = d.pick([0xff, 0xc0, 0x80, 0xe2]);
  },
];

/** Changes of the spec: types, ranges, and how layers fit together. */
const SPEC: readonly Mutator[] = [
  (m, d) => {
    m.header.__metadata__[d.pick(['spec', 'provenance'])] = d.pick(['[]', 'null', '{', '3', '""']);
    m.spec = {};
  },
  (m, d) => {
    d.pick(partsOf(m.spec))[d.pick(['extra', 'famly', 'constructor'])] = 1;
  },
  (m, d) => setField(d.pick(partsOf(m.spec)), d),
  (m, d) => {
    m.spec.maxTokens = d.pick([0, -1, 1.5, '8', 65_537, null]);
  },
  (m, d) => {
    if ('labels' in m.spec.task) m.spec.task.labels = d.pick([[], ['a', 'a'], ['a', ''], ['a', 3], ['only']]);
  },
  (m, d) => {
    const { tokenizer } = m.spec;
    if (tokenizer === undefined) m.spec.input.height = d.pick([0, 1, 5, 7, 4096, 4097]);
    else if (tokenizer.kind === 'unigram') tokenizer.controlIds = d.pick([[0], [1, 1], [-1], [1_048_575], [0.5]]);
    else if (tokenizer.kind !== 'hashed')
      tokenizer[d.pick(['prefixIds', 'suffixIds'])] = d.pick([[1_048_575], Array(16).fill(0)]);
    else if (d.below(2) === 0) Object.assign(tokenizer, { wordNgrams: 0, charNgrams: null });
    else m.spec.layers[1] = { kind: 'maxPool' };
  },
  (m, d) => {
    d.pick(layersOf(m.spec.layers)).kind = d.pick(['lstm', '', 'toString', '__proto__', 3, null]);
  },
  (m, d) => {
    const { layers } = m.spec;
    if (d.below(2) === 0) m.spec.layers = [];
    else {
      let nested: Header = { kind: 'maxPool' };
      for (let i = 0; i < 5 + d.below(30); i++) nested = { kind: 'residual', layers: [nested] };
      m.spec.layers = [layers[0], nested];
    }
  },
  (m, d) => {
    const { layers } = m.spec;
    const i = d.below(layers.length);
    const what = d.below(3);
    if (what === 0) layers.splice(i, 1);
    else if (what === 1) layers.splice(i, 0, layers[d.below(layers.length)]);
    else layers.splice(i, 0, { kind: 'residual', layers: [d.pick([layers[0], { kind: 'maxPool' }])] });
  },
  (m, d) => {
    const sized = layersOf(m.spec.layers).filter(
      ({ inputSize, channels, inputChannels, vocabSize, heads }) =>
        inputSize ?? channels ?? inputChannels ?? vocabSize ?? heads,
    );
    const layer = d.pick(sized);
    const fields = ['inputSize', 'channels', 'inputChannels', 'vocabSize', 'maxTokens', 'heads'];
    layer[d.pick(fields.filter((key) => key in layer))] += 1 + d.below(3);
  },
  (m, d) => {
    const { labels } = m.spec.task;
    const what = d.below(3);
    if (what === 0) m.spec.layers.pop();
    else if (what === 1 && labels !== undefined) labels.push(`label ${d.below(1000)}`);
    else m.spec.task = d.pick([{ kind: 'tag', labels: ['O', 'B-x'] }, { kind: 'embed' }, { kind: 'rank' }]);
  },
  (m, d) => {
    const labels = m.spec.task.labels?.length ?? 4;
    const [first, second] = m.spec.layers;
    const pool = second?.kind === 'weightedMean' ? second : { kind: 'maxPool' };
    const output = { kind: 'dense', inputSize: 4096, outputSize: labels, activation: 'none' };
    m.spec.maxTokens = 5000 + d.below(60_000);
    m.spec.layers = [{ ...first, hiddenSize: 4096 }, pool, output];
  },
];

/** Changes that leave most students valid, and their arenas and ways through the layers others. */
const VARIATIONS: readonly Mutator[] = [
  (m, d) => {
    if (m.spec.tokenizer === undefined) return;
    if (!layersOf(m.spec.layers).some(({ kind }) => kind === 'position'))
      m.spec.maxTokens = 1 + (d.below(40) === 0 ? d.below(65_536) : d.below(80));
    m.spec.maxCharacters = 1 + d.below(300);
  },
  (m, d) => {
    const active = layersOf(m.spec.layers).filter(({ activation }) => activation !== undefined);
    for (const layer of active) layer.activation = d.pick(['none', 'relu', 'gelu', 'silu']);
  },
  (m, d) => {
    const { tokenizer = {}, task } = m.spec;
    const flags = Object.keys(tokenizer).filter((name) => typeof tokenizer[name] === 'boolean');
    for (const flag of flags) tokenizer[flag] = d.below(2) === 0;
    if (tokenizer.kind === 'hashed')
      Object.assign(tokenizer, { wordNgrams: 1 + d.below(3), charNgrams: [1 + d.below(3), 4] });
    if ('multiLabel' in task) task.multiLabel = d.below(2) === 0;
  },
  (m, d) => {
    const { layers } = m.spec;
    const nested = layersOf(layers).filter(({ kind }) => kind === 'residual');
    const [pool] = layers.filter(({ kind }: Header) => ['maxPool', 'attentionPool'].includes(kind));
    const inner = d.pick([{ kind: 'maxPool' }, { kind: 'residual', layers: [{ kind: 'maxPool' }] }]);
    if (nested.length > 0 && d.below(2) === 0) d.pick(nested).layers.push(inner);
    else if (pool !== undefined) layers.splice(layers.indexOf(pool), 1, { kind: 'maxPool' });
  },
];

const STRUCTURAL: readonly Mutator[] = [...CONTAINER, ...TENSORS, ...SPEC, ...VARIATIONS];

/** Of ten mutants in a row, five are structural, four have other bytes in their data, and one anywhere. */
const KINDS = [
  'structure',
  'data',
  'structure',
  'data',
  'structure',
  'data',
  'structure',
  'data',
  'structure',
  'anywhere',
] as const;

/** What was changed. */
export type MutantKind = (typeof KINDS)[number];

/** A valid file that mutants are made of, read once. */
export interface FuzzSeed {
  readonly bytes: Uint8Array;
  readonly headerText: string;
  readonly dataStart: number;
  /** Where its SHA-256 stands in the header, in digits. */
  readonly sha256At: number;
}

/** Reads a valid file. */
export function fuzzSeed(bytes: Uint8Array): FuzzSeed {
  const { header, data } = split(bytes);
  const dataStart = bytes.length - data.length;
  const sha256At = Buffer.from(bytes.buffer, bytes.byteOffset).indexOf(header.__metadata__.sha256);
  return { bytes, dataStart, sha256At, headerText: new TextDecoder().decode(bytes.subarray(8, dataStart)) };
}

/** Mutant number `i` of a seed: the same whichever others are made. */
export function mutantOf(
  files: readonly FuzzSeed[],
  seed: number,
  i: number,
): { readonly kind: MutantKind; readonly bytes: Uint8Array } {
  const d = dice(seeded(Math.imul(i + 1, 0x85ebca6b) ^ seed));
  const file = d.pick(files);
  const kind = KINDS[i % KINDS.length];
  if (kind === 'structure') return { kind, bytes: mutateStructure(file, Math.floor(i / 2), d) };
  return { kind, bytes: kind === 'data' ? mutateData(file, d) : mutateBytes(file, d) };
}

/** Changes the header of a file on purpose; `turn` chooses the kind of change. */
function mutateStructure({ bytes, headerText, dataStart }: FuzzSeed, turn: number, d: Dice): Uint8Array {
  const header: Header = JSON.parse(headerText);
  const before: string = header.__metadata__.spec;
  const mutant: Mutant = { header, data: bytes.slice(dataStart), spec: JSON.parse(before) };
  STRUCTURAL[turn % STRUCTURAL.length](mutant, d);
  const after = JSON.stringify(mutant.spec);
  if (after !== before && after !== '{}') header.__metadata__.spec = after;
  const repaired = mutant.text ?? JSON.stringify(withSha256(mutant.header, mutant.data));
  const file = assemble(repaired, mutant.data);
  return mutant.finish?.(file) ?? file;
}

/** One to four random bytes of the data, which keeps its length. */
function mutateData({ bytes, dataStart, sha256At }: FuzzSeed, d: Dice): Uint8Array {
  const mutant = bytes.slice();
  const data = mutant.subarray(dataStart);
  scramble(data, d);
  Buffer.from(mutant.buffer).write(sha256Of(data), sha256At, 'latin1');
  return mutant;
}

/** One to four random bytes anywhere. */
function mutateBytes({ bytes }: FuzzSeed, d: Dice): Uint8Array {
  const mutant = bytes.slice();
  scramble(mutant, d);
  try {
    const { header, data } = split(mutant);
    return assemble(JSON.stringify(withSha256(header, data)), data);
  } catch {
    return mutant;
  }
}

function scramble(bytes: Uint8Array, d: Dice): void {
  for (let i = 1 + d.below(4); i > 0; i--) bytes[d.below(bytes.length)] = d.below(256);
}

function sha256Of(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** States the SHA-256 that the data has, where the header still has a valid one to repair. */
function withSha256(header: Header, data: Uint8Array): Header {
  const stated = header?.__metadata__?.sha256;
  if (typeof stated === 'string' && /^[0-9a-f]{64}$/.test(stated)) {
    header.__metadata__.sha256 = sha256Of(data);
  }
  return header;
}
