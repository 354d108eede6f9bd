/**
 * A seeded fuzzer of student files. Half of its mutants change the header on purpose (offsets, shapes, dtypes, names,
 * spec, lengths, versions, `__proto__`), the others change bytes anywhere. The SHA-256 is repaired after every
 * mutation, so that mutants reach the rules behind it.
 */
import { createHash } from 'node:crypto';
import { assemble, floatWeight, type Header, split } from '../format/malformed.ts';

/** A source of numbers below `n`, and of choices. */
export interface Dice {
  readonly below: (n: number) => number;
  readonly pick: <T>(of: readonly T[]) => T;
}

/** Dice over a generator of numbers in [0, 1). */
export function dice(random: () => number): Dice {
  const below = (n: number): number => Math.floor(random() * n);
  return { below, pick: (of) => of[below(of.length)] };
}

/** A file in the hands of a mutator, which may replace every part of it. */
export interface Mutant {
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
  const [begin, end] = m.header[d.pick(names)].data_offsets;
  new DataView(m.data.buffer).setFloat32(begin + 4 * d.below((end - begin) / 4), value, true);
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
    m.header.__metadata__.format_version = d.pick(['5', '0', '1.0', '99', '', '-1', '1']);
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
    if (m.header[last].dtype === 'I8') m.data = floatWeight(m.header, last, m.data);
  },
  (m, d) =>
    floatAt(
      m,
      d,
      layerNames(m.header).filter((name) => m.header[name].dtype === 'F32'),
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
    m.spec.task.labels = d.pick([[], ['a', 'a'], ['a', ''], ['a', 3], ['only']]);
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
    const pool = second.kind === 'weightedMean' ? second : { kind: 'maxPool' };
    const output = { kind: 'dense', inputSize: 4096, outputSize: labels, activation: 'none' };
    m.spec.maxTokens = 5000 + d.below(60_000);
    m.spec.layers = [{ ...first, hiddenSize: 4096 }, pool, output];
  },
];

const ON_PURPOSE: readonly Mutator[] = [...CONTAINER, ...TENSORS, ...SPEC];

/** A mutant that changes the header of `bytes` on purpose; `turn` chooses the kind of change. */
export function mutateOnPurpose(bytes: Uint8Array, turn: number, d: Dice): Uint8Array {
  const { header, data } = split(bytes);
  const mutant: Mutant = { header, data, spec: JSON.parse(header.__metadata__.spec) };
  const before = JSON.stringify(mutant.spec);
  ON_PURPOSE[turn % ON_PURPOSE.length](mutant, d);
  const after = JSON.stringify(mutant.spec);
  if (after !== before && after !== '{}') header.__metadata__.spec = after;
  const repaired = mutant.text ?? JSON.stringify(withSha256(mutant.header, mutant.data));
  const file = assemble(repaired, mutant.data);
  return mutant.finish?.(file) ?? file;
}

/** A mutant with one to four random bytes anywhere. */
export function mutateAnywhere(bytes: Uint8Array, d: Dice): Uint8Array {
  const mutant = bytes.slice();
  for (let i = 1 + d.below(4); i > 0; i--) mutant[d.below(mutant.length)] = d.below(256);
  try {
    const { header, data } = split(mutant);
    return assemble(JSON.stringify(withSha256(header, data)), data);
  } catch {
    return mutant;
  }
}

/** States the SHA-256 that the data has, where the header still has a valid one to repair. */
function withSha256(header: Header, data: Uint8Array): Header {
  const stated = header?.__metadata__?.sha256;
  if (typeof stated === 'string' && /^[0-9a-f]{64}$/.test(stated)) {
    header.__metadata__.sha256 = createHash('sha256').update(data).digest('hex');
  }
  return header;
}
