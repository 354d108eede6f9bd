/** One file per rule of the format that breaks this rule and no earlier one. */
import type { FormatRule, StudentFile } from '../../src/format/index.ts';
import {
  convStudent,
  embedStudent,
  imageStudent,
  pairStudent,
  staticStudent,
  studentBytes,
  tagStudent,
  transformerStudent,
  type VocabularyName,
} from '../support/students.ts';

/** A header as JSON, free to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: a mutable header is whatever a test makes of it
export type Header = Record<string, any>;

/** A file taken apart. */
export interface Parts {
  readonly header: Header;
  readonly data: Uint8Array;
}

/** Takes a valid file apart. */
export function split(bytes: Uint8Array): Parts {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  return { header: JSON.parse(text), data: bytes.slice(8 + length) };
}

/** Puts a file together around any header text, padded to 64 bytes. */
export function assemble(headerText: string, data: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(headerText);
  const length = json.length + (-(8 + json.length) & 63);
  const bytes = new Uint8Array(8 + length + data.length).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + length);
  return bytes;
}

/** A valid file, its header or its spec changed. */
async function changed(
  file: StudentFile,
  change: (parts: { header: Header; spec: Header; data: Uint8Array }) => void,
): Promise<Uint8Array> {
  const { header, data } = split(await studentBytes(file));
  const spec = JSON.parse(header.__metadata__.spec);
  const before = JSON.stringify(spec);
  const parts = { header, spec, data };
  change(parts);
  if (JSON.stringify(spec) !== before) header.__metadata__.spec = JSON.stringify(spec);
  return assemble(JSON.stringify(header), parts.data);
}

/** A file of a student that merges, one of its tensors changed. */
const bpeBytes =
  (name: string, change: (bytes: Uint8Array) => void): (() => Promise<Uint8Array>) =>
  () =>
    changed(convStudent({ vocabulary: 'rankedBpe' }), ({ header: h, data }) => {
      const [begin, end] = h[name].data_offsets;
      change(data.subarray(begin, end));
    });

/** A file whose table is in int4, changed. */
const int4 = (change: (parts: { header: Header; spec: Header; data: Uint8Array }) => void) => () =>
  changed(staticStudent({ hiddenSize: 64, precision: 'int4' }), change);

/** The same with other bits in an F16 scale. */
const int4Scale = (bits: number): (() => Promise<Uint8Array>) =>
  int4(({ header: h, data }) => {
    const [begin] = h['layers.0.weight.scale'].data_offsets;
    new DataView(data.buffer, data.byteOffset).setUint16(begin + 6, bits, true);
  });

/** Changes the values of an F32 tensor in place. */
function floats(parts: { header: Header; data: Uint8Array }, name: string): Float32Array {
  const [begin, end] = parts.header[name].data_offsets;
  return new Float32Array(parts.data.buffer, parts.data.byteOffset + begin, (end - begin) / 4);
}

/** The same, by their bits. */
function integers(parts: { header: Header; data: Uint8Array }, name: string): Int32Array {
  const { buffer, byteOffset, length } = floats(parts, name);
  return new Int32Array(buffer, byteOffset, length);
}

/** The bits of an F32 that is not a number and has its sign set. */
const NEGATIVE_NAN = 0xffc00000 | 0;

const header = (change: (header: Header) => void) => () => changed(staticStudent(), (parts) => change(parts.header));
const spec = (change: (spec: Header) => void) => () => changed(staticStudent(), (parts) => change(parts.spec));
const convSpec =
  (change: (spec: Header) => void, vocabulary: VocabularyName = 'unigram') =>
  () =>
    changed(convStudent({ vocabulary }), (parts) => change(parts.spec));

const transformerSpec = (change: (spec: Header) => void) => () =>
  changed(transformerStudent(), (parts) => change(parts.spec));
const pairSpec = (change: (spec: Header) => void) => () => changed(pairStudent(), (parts) => change(parts.spec));
const imageSpec = (change: (spec: Header) => void) => () => changed(imageStudent(), (parts) => change(parts.spec));
const attentionOf = (s: Header): Header => s.layers[2].layers[2];

async function raw(change: (bytes: Uint8Array) => Uint8Array): Promise<Uint8Array> {
  return change((await studentBytes(staticStudent())).slice());
}

function withHeaderLength(length: bigint): () => Promise<Uint8Array> {
  return () =>
    raw((bytes) => {
      new DataView(bytes.buffer).setBigUint64(0, length, true);
      return bytes;
    });
}

/** A file with a first label that JSON can write and Unicode cannot. */
function headerLabel(label: string): () => Promise<Uint8Array> {
  return () => changed(staticStudent(), ({ spec: s }) => Object.assign(s.task, { labels: [label, 'spam'] }));
}

async function headerText(change: (text: string) => string): Promise<Uint8Array> {
  const parts = split(await studentBytes(staticStudent()));
  return assemble(change(JSON.stringify(parts.header)), parts.data);
}

/** Builders of the files, by rule; several where a rule has several sides. */
export const MALFORMED: Readonly<Record<FormatRule, readonly (() => Promise<Uint8Array>)[]>> = {
  fileTooShort: [async () => new Uint8Array(7), async () => new Uint8Array(0)],
  headerTooLarge: [withHeaderLength(262_145n), withHeaderLength(2n ** 63n), withHeaderLength(2n ** 32n + 56n)],
  headerPastEnd: [withHeaderLength(262_136n)],
  headerAlignment: [withHeaderLength(8n)],
  headerUtf8: [() => raw((bytes) => bytes.fill(0xff, 20, 21))],
  headerJson: [() => headerText((text) => text.slice(0, -1)), () => headerText((text) => `${text}x`)],
  headerObject: [() => headerText(() => '[]'), () => headerText(() => 'null')],
  headerCanonical: [
    () => headerText((text) => text.replace('"__metadata__"', '"a":1,"a":1,"__metadata__"')),
    () => headerText((text) => text.replace(':', ': ')),
    () => headerText((text) => text.replace('{', `{"a":${'['.repeat(16)}${']'.repeat(16)},`)),
    () => headerText((text) => text.replace('{', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},`)),
    headerLabel('\\\\\ud800'),
    header((h) => Object.assign(h.__metadata__, { provenance: '{"metrics":{"a":1.0}}' })),
    header((h) => Object.assign(h.__metadata__, { provenance: '{"metrics":{"a":-0}}' })),
  ],
  metadataMissing: [header((h) => delete h.__metadata__), header((h) => Object.assign(h, { __metadata__: [] }))],
  metadataValue: [header((h) => Object.assign(h.__metadata__, { spec: {} }))],
  metadataKey: [header((h) => Object.assign(h.__metadata__, { extra: '' })), header((h) => delete h.__metadata__.spec)],
  formatTag: [
    header((h) => Object.assign(h.__metadata__, { format: 'pt' })),
    header((h) => delete h.__metadata__.format),
  ],
  formatVersion: [
    header((h) => Object.assign(h.__metadata__, { format_version: '5' })),
    header((h) => Object.assign(h.__metadata__, { format_version: '01' })),
    header((h) => {
      Object.assign(h.__metadata__, { format_version: '5', later: '' });
      h['layers.0.weight'].dtype = 'F16';
    }),
    ...(['framedUnigram', 'wordpiece', 'bpe'] as const).map(
      (vocabulary) => () =>
        changed(convStudent({ vocabulary }), (parts) =>
          Object.assign(parts.header.__metadata__, { format_version: '1' }),
        ),
    ),
    ...['static', 'transformer'].map(
      (family) => () =>
        changed(transformerStudent(), (parts) => {
          parts.spec.family = family;
          parts.header.__metadata__.format_version = '2';
        }),
    ),
    int4(({ header: h }) => Object.assign(h.__metadata__, { format_version: '3' })),
    ...[pairStudent, imageStudent].map(
      (build) => () => changed(build(), (parts) => Object.assign(parts.header.__metadata__, { format_version: '3' })),
    ),
  ],
  sha256: [header((h) => Object.assign(h.__metadata__, { sha256: 'ABC' }))],
  tensorCount: [
    header((h) => {
      for (let i = 0; i < 513; i++) h[`t${i}`] = { dtype: 'U8', shape: [1], data_offsets: [0, 1] };
    }),
  ],
  tensorName: [header((h) => Object.assign(h, { 'a b': h['layers.0.weight'] }))],
  tensorEntry: [
    header((h) => Object.assign(h['layers.0.weight'], { extra: 1 })),
    header((h) => Object.assign(h, { 'layers.0.weight': 3 })),
  ],
  tensorDtype: ['F64', ['I8'], 'toString', null].map((dtype) =>
    header((h) => Object.assign(h['layers.0.weight'], { dtype })),
  ),
  tensorShape: [
    header((h) => Object.assign(h['layers.0.weight'], { shape: [] })),
    header((h) => Object.assign(h['layers.0.weight'], { shape: [61, 0] })),
    header((h) => Object.assign(h['layers.0.weight'], { shape: [1.5] })),
    header((h) => Object.assign(h['layers.0.weight'], { shape: [2 ** 24 + 1] })),
  ],
  tensorOffsets: [
    header((h) => Object.assign(h['layers.0.weight'], { data_offsets: [10, 0] })),
    header((h) => Object.assign(h['layers.0.weight'], { data_offsets: [0, 2 ** 40] })),
    header((h) => Object.assign(h['layers.0.weight'], { data_offsets: [0] })),
  ],
  tensorSize: [
    header((h) => Object.assign(h['layers.0.weight'], { shape: [61, 11] })),
    header((h) => Object.assign(h['layers.0.weight'], { shape: [2 ** 24, 2 ** 24, 2 ** 24, 2 ** 24] })),
  ],
  tensorContiguity: [
    header((h) => Object.assign(h['layers.1.weight'], { data_offsets: h['layers.0.weight.scale'].data_offsets })),
    header((h) => delete h['layers.3.bias']),
  ],
  tensorAlignment: [
    header((h) => {
      const [begin, end] = h['layers.2.bias'].data_offsets;
      const shift = h['layers.2.bias'].shape[0] * 4;
      h['_pad.9999'] = { dtype: 'U8', shape: [4], data_offsets: [begin, begin + 4] };
      h['layers.2.bias'] = { dtype: 'F32', shape: [shift / 4 - 1], data_offsets: [begin + 4, end] };
    }),
  ],
  paddingTensor: [
    header((h) => Object.assign(h, { '_pad.77': { ...h['layers.0.weight'] }, 'layers.0.weight': undefined })),
    () =>
      changed(staticStudent(), ({ header: h, data }) => {
        const name = Object.keys(h).find((key) => key.startsWith('_pad.'))!;
        data[h[name].data_offsets[0]] = 1;
      }),
  ],
  fileLength: [
    () => raw((bytes) => new Uint8Array([...bytes, 0])),
    () => raw((bytes) => new Uint8Array([...bytes, ...new Uint8Array(64)])),
  ],
  specJson: [
    header((h) => Object.assign(h.__metadata__, { spec: '[]' })),
    header((h) => Object.assign(h.__metadata__, { provenance: 'nope' })),
  ],
  specKey: [
    spec((s) => Object.assign(s, { famly: 'conv' })),
    spec((s) => Object.assign(s.layers[0], { extra: 1 })),
    pairSpec((s) => Object.assign(s.input, { height: 1 })),
    imageSpec((s) => Object.assign(s, { maxTokens: 1 })),
    () => changed(tagStudent(), ({ spec: s }) => Object.assign(s.task, { multiLabel: false })),
    () => changed(embedStudent(), ({ spec: s }) => Object.assign(s.task, { labels: ['a', 'b'] })),
    header((h) => Object.assign(h.__metadata__, { provenance: '{"__proto__":{}}' })),
  ],
  specField: [
    spec((s) => Object.assign(s, { name: '' })),
    spec((s) => Object.assign(s, { maxTokens: 0 })),
    spec((s) => Object.assign(s, { family: 'lstm' })),
    spec((s) => Object.assign(s.task, { multiLabel: 1 })),
    spec((s) => Object.assign(s, { input: { kind: 'text' } })),
    spec((s) => Object.assign(s, { input: null })),
    imageSpec((s) => Object.assign(s.input, { height: 0 })),
    imageSpec((s) => Object.assign(s.layers[0], { padding: 'full' })),
    spec((s) => Object.assign(s.task, { kind: 'rank' })),
    spec((s) => Object.assign(s.layers[2], { activation: 'tanh' })),
    convSpec((s) => Object.assign(s.layers[1].layers[1], { kernelSize: 2 })),
    convSpec((s) => Object.assign(s.layers[1].layers[0], { epsilon: 0 })),
    transformerSpec((s) => Object.assign(attentionOf(s), { heads: 65 })),
    convSpec((s) => Object.assign(s.tokenizer, { cleanText: 1 }), 'wordpiece'),
    convSpec((s) => Object.assign(s.tokenizer, { maxCharactersPerWord: 1001 }), 'wordpiece'),
    convSpec((s) => Object.assign(s.tokenizer, { suffixIds: Array(17).fill(0) }), 'wordpiece'),
    convSpec((s) => Object.assign(s.tokenizer, { prefixIds: [-1] }), 'bpe'),
    convSpec((s) => Object.assign(s.tokenizer, { order: 'merges' }), 'bpe'),
  ],
  labels: [
    spec((s) => Object.assign(s.task, { labels: ['a', 'a'] })),
    spec((s) => Object.assign(s.task, { labels: ['a'] })),
    spec((s) => Object.assign(s.task, { labels: ['a', ''] })),
    () => changed(tagStudent(), ({ spec: s }) => Object.assign(s.task, { labels: ['O'] })),
  ],
  tokenizer: [
    spec((s) =>
      Object.assign(s, {
        task: { kind: 'tag', labels: ['a', 'b'] },
        layers: [{ ...s.layers[0], hiddenSize: 2 }],
      }),
    ),
    spec((s) => Object.assign(s.tokenizer, { wordNgrams: 0, charNgrams: null })),
    convSpec((s) => Object.assign(s.tokenizer, { controlIds: [0] })),
    convSpec((s) => Object.assign(s.tokenizer, { controlIds: [1, 1] })),
    convSpec((s) => Object.assign(s.tokenizer, { unknownId: s.tokenizer.vocabSize })),
    convSpec((s) => Object.assign(s.tokenizer, { prefixIds: [s.tokenizer.vocabSize] }), 'wordpiece'),
    convSpec(
      (s) => Object.assign(s.tokenizer, { suffixIds: [1, 2, 1, 2] }) && Object.assign(s, { maxTokens: 4 }),
      'wordpiece',
    ),
    () =>
      changed(staticStudent(), ({ spec: s }) => {
        s.layers[1] = { kind: 'maxPool' };
      }),
  ],
  layerKind: [
    spec((s) => Object.assign(s.layers[0], { kind: 'lstm' })),
    spec((s) => Object.assign(s.layers[0], { kind: 'toString' })),
  ],
  layerCount: [
    spec((s) => Object.assign(s, { layers: [] })),
    convSpec((s) => Object.assign(s.layers[1], { layers: [] })),
    convSpec((s) =>
      Object.assign(s, {
        layers: [s.layers[0], ...Array(256).fill({ kind: 'residual', layers: [s.layers[1].layers[0]] })],
      }),
    ),
  ],
  layerFlow: [
    convSpec((s) => s.layers.splice(0, 1)),
    convSpec((s) => s.layers[1].layers.push({ kind: 'maxPool' })),
    // A pair that nothing joins, one that is joined twice, in a residual, or where there is one text.
    spec((s) => Object.assign(s, { input: { kind: 'pair' } })),
    pairSpec((s) => s.layers.splice(5, 1, { kind: 'pairFeatures', hiddenSize: 11 }, { ...s.layers[5], inputSize: 44 })),
    pairSpec((s) => s.layers.splice(3, 2, { kind: 'residual', layers: [s.layers[3], s.layers[4]] })),
    pairSpec((s) => delete s.input),
    imageSpec((s) => s.layers.splice(0, 0, { kind: 'maxPool' })),
  ],
  layerWidth: [
    spec((s) => Object.assign(s.layers[2], { inputSize: 11 })),
    spec((s) => Object.assign(s.layers[1], { vocabSize: 60 })),
    transformerSpec((s) => Object.assign(s.layers[1], { maxTokens: 31 })),
    transformerSpec((s) => Object.assign(attentionOf(s), { heads: 5 })),
    transformerSpec((s) => Object.assign(attentionOf(s), { hiddenSize: 36 })),
    transformerSpec((s) => Object.assign(s.layers[5], { hiddenSize: 11 })),
    imageSpec((s) => Object.assign(s.layers[0], { inputChannels: 3 })),
    imageSpec((s) => Object.assign(s.layers[2], { kernelSize: 6 })),
    pairSpec((s) => Object.assign(s.layers[3], { hiddenSize: 10 })),
  ],
  layerOutput: [
    spec((s) => s.layers.pop()),
    spec((s) => s.task.labels.push('third')),
    spec((s) => Object.assign(s, { task: { kind: 'tag', labels: ['O', 'B-x'] } })),
    () => changed(tagStudent(), ({ spec: s }) => s.layers.push({ kind: 'maxPool' })),
    () => changed(tagStudent(), ({ spec: s }) => Object.assign(s, { task: { kind: 'embed' } })),
  ],
  arenaSize: [
    spec((s) => Object.assign(s, { maxTokens: 65_536, layers: wide(s) })),
    // The scores of 2 heads for 2,900 tokens alone take 64 MiB.
    transformerSpec((s) => {
      s.maxTokens = 2900;
      s.layers[1].maxTokens = 2900;
    }),
    // The image alone takes more.
    imageSpec((s) => {
      s.input = { kind: 'image', height: 4096, width: 2100, channels: 2 };
      Object.assign(s.layers[0], { stride: 15 });
      Object.assign(s.layers[1], { stride: 15 });
      Object.assign(s.layers[4], { inputSize: 135 });
    }),
  ],
  tensorMissing: [
    header((h) => rename(h, 'layers.0.weight', 'other')),
    header((h) => rename(h, 'layers.0.weight.scale', 'other')),
    int4(({ header: h }) => rename(h, 'layers.0.weight.scale', 'other')),
  ],
  tensorUnexpected: [
    () =>
      raw((bytes) => {
        const { header: h, data } = split(bytes);
        h.other = { dtype: 'U8', shape: [16], data_offsets: [data.length, data.length + 16] };
        const end = data.length % 16;
        const padded = new Uint8Array(data.length + (end === 0 ? 0 : 16 - end) + 16);
        padded.set(data);
        if (end !== 0)
          h['_pad.9999'] = { dtype: 'U8', shape: [16 - end], data_offsets: [data.length, data.length + 16 - end] };
        h.other.data_offsets = [padded.length - 16, padded.length];
        return assemble(JSON.stringify(h), padded);
      }),
  ],
  tensorType: [
    header((h) => {
      h.__metadata__.format_version = '4';
      h['layers.0.weight'].dtype = 'U8';
    }),
    int4(({ header: h }) => Object.assign(h['layers.0.weight'], { shape: [32, 61] })),
    int4(({ header: h }) => Object.assign(h['layers.0.weight'], { dtype: 'I8' })),
    int4(({ header: h }) => Object.assign(h['layers.0.weight.scale'], { shape: [2, 61] })),
    int4(({ header: h }) => Object.assign(h['layers.0.weight.scale'], { dtype: 'F32', shape: [61] })),
    int4(({ header: h }) => Object.assign(h['layers.1.weight'], { dtype: 'F16', shape: [122] })),
    // A table whose rows are no whole groups, a matrix that is no table.
    int4(({ spec: s }) => {
      s.layers[0].hiddenSize = 48;
      s.layers[2].inputSize = 48;
    }),
    int4(({ header: h }) => Object.assign(h['layers.2.weight'], { dtype: 'U8' })),
    header((h) => Object.assign(h['layers.0.weight'], { shape: [10, 61] })),
    header((h) => Object.assign(h['layers.0.weight.scale'], { shape: [61, 1] })),
  ],
  tensorPrecision: [
    () =>
      changed(transformerStudent(), (parts) => {
        parts.data = floatWeight(parts.header, 'layers.1.weight', parts.data);
      }),
    () =>
      changed(staticStudent(), (parts) => {
        parts.data = floatWeight(parts.header, 'layers.3.weight', parts.data);
      }),
    () =>
      changed(convStudent(), (parts) => {
        parts.data = floatWeight(parts.header, 'layers.1.2.weight', parts.data);
      }),
    int4((parts) => {
      parts.data = floatWeight(parts.header, 'layers.3.weight', parts.data);
    }),
  ],
  valueFinite: [
    () => changed(staticStudent(), (parts) => floats(parts, 'layers.2.bias').set([Number.NaN])),
    () => changed(staticStudent(), (parts) => floats(parts, 'layers.2.bias').set([Number.POSITIVE_INFINITY])),
    () => changed(staticStudent(), (parts) => floats(parts, 'layers.2.bias').set([Number.NEGATIVE_INFINITY])),
    () => changed(staticStudent(), (parts) => integers(parts, 'layers.2.bias').set([NEGATIVE_NAN])),
    ...[0x7c00, 0xfc00, 0x7e00, 0xfe00].map(int4Scale),
  ],
  valueSign: [
    () => changed(staticStudent(), (parts) => floats(parts, 'layers.0.weight.scale').set([0])),
    () => changed(staticStudent(), (parts) => floats(parts, 'layers.0.weight.scale').set([-0])),
    () => changed(staticStudent(), (parts) => floats(parts, 'layers.1.weight').set([-1])),
    ...[0, 0x8000, 0x8001, 0xbc00].map(int4Scale),
  ],
  vocabulary: [
    () =>
      changed(convStudent(), ({ header: h, data }) => {
        data[h['tokenizer.lengths'].data_offsets[0]] = 0;
      }),
    () =>
      changed(convStudent(), ({ header: h, data }) => {
        data[h['tokenizer.lengths'].data_offsets[0]] += 1;
      }),
    () =>
      changed(convStudent(), ({ header: h, data }) => {
        data[h['tokenizer.pieces'].data_offsets[0]] = 0xff;
      }),
    bpeBytes('tokenizer.splits', (splits) => {
      splits[0] += 1;
    }),
    bpeBytes('tokenizer.splits', (splits) => {
      splits[splits.length - 3] = 1;
    }),
    bpeBytes('tokenizer.pieces', (pieces) => {
      // The bytes of two letters, before `<unk>` and `<s>`.
      pieces[pieces.length - 9] = pieces[pieces.length - 10];
    }),
    bpeBytes('tokenizer.lengths', (lengths) => {
      lengths[0] += 1;
    }),
    ...[0.5, -1, 1_048_576].map((rank) =>
      bpeBytes('tokenizer.ranks', (ranks) => new DataView(ranks.buffer, ranks.byteOffset).setFloat32(4, rank, true)),
    ),
  ],
};

/** Puts F32 zeros behind the data in place of the int8 weight `name`, which stays under another name. */
export function floatWeight(header: Header, name: string, data: Uint8Array): Uint8Array {
  const { shape } = header[name];
  const gap = -data.length & 15;
  const begin = data.length + gap;
  const end = begin + 4 * shape[0] * shape[1];
  if (gap > 0) header['_pad.9999'] = { dtype: 'U8', shape: [gap], data_offsets: [data.length, begin] };
  rename(header, name, 'other');
  header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  const grown = new Uint8Array(end);
  grown.set(data);
  return grown;
}

/** Layers as wide as the format allows, which no arena holds for the longest text. */
function wide(spec: Header): unknown[] {
  const [embedding, mean] = spec.layers;
  const output = { kind: 'dense', inputSize: 4096, outputSize: 2, activation: 'none' };
  return [{ ...embedding, hiddenSize: 4096 }, mean, output];
}

function rename(header: Header, from: string, to: string): void {
  header[to] = header[from];
  delete header[from];
}
