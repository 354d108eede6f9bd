import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { createTokenizer } from '../../../src/runtime/index.ts';
import { BYTE_CHARACTERS } from '../../../src/train/tokenizers/byte-alphabet.ts';
import { parseTokenizer, readTokenizer, type TokenizerFile } from '../../../src/train/tokenizers/tokenizer-json.ts';
import { pieceBytes, piecesOf } from '../../../src/train/tokenizers/vocabulary.ts';
import { charsmap, NMT_NFKC } from '../../support/charsmap.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('tokenizers');

/** A part of a `tokenizer.json`, free to be changed. */
type Json = Record<string, unknown>;

const special = (id: number, content: string): Json => ({ id, content, special: true, normalized: false });

const PIECES = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'free', '##ly', 'constructor', '__proto__', '!'];

function bert(change: Json = {}, model: Json = {}): Json {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(0, '[PAD]'), special(1, '[UNK]'), special(2, '[CLS]'), special(3, '[SEP]')],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
      ...model,
    },
    ...change,
  };
}

/** Every byte, one merge, special tokens. */
const BYTE_PIECES = ['<s>', '</s>', '<unk>', ...BYTE_CHARACTERS, 'fr', 'ee', 'free', '\u0120free'];
const MERGES = ['f r', 'e e', 'fr ee', '\u0120 free'];

function gpt(change: Json = {}, model: Json = {}): Json {
  return {
    added_tokens: [special(0, '<s>'), special(1, '</s>')],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    post_processor: null,
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(BYTE_PIECES.map((piece, id) => [piece, id])),
      merges: MERGES,
      ...model,
    },
    ...change,
  };
}

/** SentencePiece's default, as XLM-RoBERTa has it. */
function xlm(change: Json = {}, model: Json = {}): Json {
  const vocab = [
    ['<s>', 0],
    ['<pad>', 0],
    ['</s>', 0],
    ['<unk>', 0],
    ['\u2581free', -2],
    ['ly', -3],
    ['\u2581', -4],
  ];
  return {
    added_tokens: [...['<s>', '<pad>', '</s>', '<unk>'].map((token, id) => special(id, token)), special(7, '<mask>')],
    normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap(NMT_NFKC) },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'WhitespaceSplit' },
        { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
      ],
    },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] },
    model: { type: 'Unigram', unk_id: 3, vocab, byte_fallback: false, ...model },
    ...change,
  };
}

function idsOf({ spec, tensors }: TokenizerFile, text: string): number[] {
  const tokenizer = createTokenizer(spec, { maxCharacters: 100, maxTokens: 50 }, tensors);
  const { count } = tokenizer.encode(text);
  return [...tokenizer.ids.slice(0, count)];
}

function write(name: string, files: Readonly<Record<string, unknown>>): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(directory, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}

function refusal(json: Json): InputError {
  try {
    parseTokenizer(json);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('expected a refusal');
}

describe('parseTokenizer', () => {
  it('reads WordPiece with its pieces, options, special tokens, and how two texts are put together', () => {
    const file = parseTokenizer(bert());
    expect(file.spec).toEqual({
      kind: 'wordpiece',
      vocabSize: 9,
      unknownId: 1,
      prefixIds: [2],
      suffixIds: [3],
      cleanText: true,
      spaceIdeographs: true,
      stripAccents: true,
      lowercase: true,
      maxCharactersPerWord: 100,
    });
    expect(file.padId).toBe(0);
    expect(file.pair).toEqual({ prefixIds: [2], middleIds: [3], suffixIds: [3], secondType: 1 });
    expect(idsOf(file, 'Freely free!')).toEqual([2, 4, 5, 4, 8, 3]);
  });

  it('keeps words that are names of JavaScript: constructor, __proto__', () => {
    const json = JSON.parse(JSON.stringify(bert()).replace('"[SEP]":3,', '"[SEP]":3,"__proto__":7,'));
    const file = parseTokenizer(json);
    expect(piecesOf(file)).toEqual(PIECES);
    expect(idsOf(file, 'constructor')).toEqual([2, 6, 3]);
  });

  it('strips accents where it is told to, and otherwise where it lower-cases', () => {
    const stripsAccents = (strip_accents: unknown, lowercase: boolean): unknown => {
      const normalizer = {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: false,
        strip_accents,
        lowercase,
      };
      const { spec } = parseTokenizer(bert({ normalizer }));
      return 'stripAccents' in spec && spec.stripAccents;
    };
    expect([null, undefined, true, false].map((strip) => stripsAccents(strip, true))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([null, undefined, true, false].map((strip) => stripsAccents(strip, false))).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('reads byte-level BPE: bytes, splits, and no ranks where they follow the ids', () => {
    const file = parseTokenizer(gpt());
    expect(file.spec).toEqual({
      kind: 'bpe',
      vocabSize: BYTE_PIECES.length,
      unknownId: 3 + 0xff,
      prefixIds: [],
      suffixIds: [],
      addPrefixSpace: false,
      nfc: false,
      order: 'ids',
    });
    expect([...file.tensors.get('tokenizer.splits')!.data.slice(-5)]).toEqual([0, 1, 1, 2, 1]);
    expect(Buffer.from(pieceBytes(file).at(-1)!).toString()).toBe(' free');
    expect(pieceBytes(file)[3 + 0x20]).toEqual(Uint8Array.of(0x20));
    expect(file.tensors.has('tokenizer.ranks')).toBe(false);
    expect(idsOf(file, 'free free')).toEqual([261, 262]);
  });

  it('keeps the order of merges that do not follow the ids, written as pairs or with a space', () => {
    const merges = [MERGES[1], MERGES[0], ...MERGES.slice(2)];
    for (const written of [merges, merges.map((merge) => merge.split(' '))]) {
      const file = parseTokenizer(gpt({}, { merges: written }));
      expect(file.spec).toMatchObject({ order: 'ranks' });
      expect([...file.tensors.get('tokenizer.ranks')!.data.slice(-4)]).toEqual([1, 0, 2, 3]);
      expect(idsOf(file, 'free')).toEqual([261]);
    }
  });

  it('reads Unigram with scores, controls and special tokens', () => {
    const file = parseTokenizer(xlm());
    const spec = {
      kind: 'unigram',
      vocabSize: 8,
      unknownId: 3,
      controlIds: [0, 1, 2, 7],
      prefixIds: [0],
      suffixIds: [2],
    };
    expect(file.spec).toEqual(spec);
    expect([...file.tensors.get('tokenizer.scores')!.data]).toEqual([0, 0, 0, 0, -2, -3, -4, 0]);
    expect(file.padId).toBe(1);
    expect(idsOf(file, 'freely  日')).toEqual([0, 4, 5, 6, 3, 2]);
    expect(parseTokenizer(xlm({ post_processor: null })).spec).toEqual({
      kind: 'unigram',
      vocabSize: 8,
      unknownId: 3,
      controlIds: [0, 1, 2, 7],
    });
  });

  it.each<[string, Json, Json]>([
    [
      'TemplateProcessing',
      bert({ post_processor: template('[CLS] $A [SEP]', '[CLS] $A [SEP] $B:1 [SEP]:1') }),
      { prefixIds: [2], middleIds: [3], suffixIds: [3], secondType: 1 },
    ],
    [
      'RobertaProcessing',
      bert({ post_processor: { type: 'RobertaProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] } }),
      { prefixIds: [2], middleIds: [3, 3], suffixIds: [3], secondType: 0 },
    ],
    [
      'a Sequence',
      bert({
        post_processor: {
          type: 'Sequence',
          processors: [{ type: 'ByteLevel' }, { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] }],
        },
      }),
      { prefixIds: [2], middleIds: [3], suffixIds: [3], secondType: 1 },
    ],
  ])('reads special tokens from %s', (_, json, pair) => {
    const file = parseTokenizer(json);
    expect(file.spec).toMatchObject({ prefixIds: [2], suffixIds: [3] });
    expect(file.pair).toEqual(pair);
  });

  it('puts nothing around a text without a post-processor', () => {
    for (const post_processor of [null, undefined, { type: 'ByteLevel' }]) {
      const file = parseTokenizer(bert({ post_processor }));
      expect([file.spec, file.pair]).toMatchObject([{ prefixIds: [], suffixIds: [] }, null]);
    }
  });

  it.each<[part: string, json: Json, supported: string]>([
    ['model', bert({}, { type: 'WordLevel' }), 'WordPiece'],
    ['model.continuing_subword_prefix', bert({}, { continuing_subword_prefix: '@@' }), '##'],
    ['pre_tokenizer', bert({ pre_tokenizer: { type: 'Whitespace' } }), 'BertPreTokenizer'],
    ['pre_tokenizer', bert({ pre_tokenizer: null }), 'BertPreTokenizer'],
    ['normalizer', bert({ normalizer: { type: 'NFKC' } }), 'BertNormalizer'],
    ['post_processor', bert({ post_processor: { type: 'Custom' } }), 'TemplateProcessing'],
    ['post_processor', bert({ post_processor: template('[CLS] $A $A', '$A $B') }), 'each text once'],
    ['added_tokens', bert({ added_tokens: [{ id: 9, content: 'new word', special: false }] }), 'special tokens only'],
    [
      'vocabulary',
      bert(
        { added_tokens: [], post_processor: null },
        { vocab: { '[UNK]': 0, [`x${'y'.repeat(255)}`]: 1 }, unk_token: '[UNK]' },
      ),
      '255 bytes',
    ],
    ['normalizer', xlm({ normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap({}) } }), 'nmt_nfkc'],
    ['normalizer', xlm({ normalizer: null }), 'nmt_nfkc'],
    ['pre_tokenizer', xlm({ pre_tokenizer: { type: 'Metaspace', replacement: '\u2581' } }), 'WhitespaceSplit'],
    ['model.byte_fallback', xlm({}, { byte_fallback: true }), 'none'],
    ['pre_tokenizer', gpt({ pre_tokenizer: { type: 'Sequence', pretokenizers: [] } }), 'ByteLevel'],
    [
      'pre_tokenizer.use_regex',
      gpt({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: false } }),
      'true',
    ],
    ['normalizer', gpt({ normalizer: { type: 'Lowercase' } }), 'NFC'],
    ['model.byte_fallback', gpt({}, { byte_fallback: true }), 'none'],
    ['model.end_of_word_suffix', gpt({}, { end_of_word_suffix: '</w>' }), 'none'],
    ['model.dropout', gpt({}, { dropout: 0.1 }), 'none'],
    [
      'model.merges',
      gpt({}, { merges: [...MERGES, 'f ree'], vocab: { ...(gpt().model as { vocab: Json }).vocab, ree: 263 } }),
      'one merge a piece',
    ],
    ['model.vocab', gpt({ added_tokens: [] }, { vocab: { a: 0 }, merges: [] }), 'every byte'],
    ['model.vocab', gpt({}, { vocab: { ...(gpt().model as { vocab: Json }).vocab, 日: 263 } }), 'ByteLevel'],
  ])('refuses what it cannot run by its name, %s, and says what it can', (part, json, supported) => {
    const error = refusal(json);
    expect(error.code).toBe('unsupported_tokenizer');
    expect(error.message).toContain(`tokenizer, ${part}: expected `);
    expect(error.message).toContain(supported);
  });

  it.each<[string, Json]>([
    ['model', { ...bert(), model: null }],
    ['model.vocab', bert({}, { vocab: { a: 'b' } })],
    ['model.vocab', bert({ added_tokens: [] }, { vocab: { a: 0, b: 2 } })],
    ['added_tokens', bert({ added_tokens: [special(4, '[UNK]')] })],
    ['model.vocab', bert({}, { vocab: { a: 2 ** 40 } })],
    ['special tokens', bert({}, { unk_token: '[NONE]' })],
    ['special tokens', bert({ post_processor: { type: 'BertProcessing', sep: ['[SEP]', 99], cls: ['[CLS]', 2] } })],
    ['model.merges', gpt({}, { merges: ['a zz'] })],
    [
      'model.vocab',
      xlm(
        { added_tokens: [] },
        {
          vocab: [
            ['a', 0],
            ['a', 0],
          ],
          unk_id: 0,
        },
      ),
    ],
    ['special tokens', xlm({}, { unk_id: 99 })],
    ['model.unk_id', xlm({}, { unk_id: null })],
    ['added_tokens', bert({ added_tokens: [{ id: 'x', content: 'y', special: true }] })],
  ])('refuses what is no tokenizer, and names %s', (place, json) => {
    const error = refusal(json);
    expect(error.code).toBe('invalid_tokenizer');
    expect(error.message).toContain(place);
  });
});

describe('readTokenizer', () => {
  it('reads tokenizer.json', async () => {
    const file = await readTokenizer(write('json', { 'tokenizer.json': bert(), 'vocab.txt': 'other' }));
    expect(file).toEqual(parseTokenizer(bert()));
  });

  it('reads vocab.txt of BERT, with tokenizer_config.json or without', async () => {
    const vocab = `${PIECES.join('\n')}\n`;
    const plain = await readTokenizer(write('vocab', { 'vocab.txt': vocab }));
    expect(plain).toEqual(parseTokenizer(bert()));
    const config = {
      do_lower_case: false,
      tokenize_chinese_chars: false,
      strip_accents: true,
      cls_token: { content: '!' },
    };
    const cased = await readTokenizer(
      write('cased', { 'vocab.txt': vocab.replaceAll('\n', '\r\n'), 'tokenizer_config.json': config }),
    );
    expect(cased.spec).toEqual({ ...plain.spec, lowercase: false, spaceIdeographs: false, prefixIds: [8] });
    expect(piecesOf(cased)).toEqual(PIECES);
  });

  it('reads vocab.json and merges.txt of GPT-2, and of RoBERTa with its special tokens', async () => {
    const files = {
      'vocab.json': (gpt().model as Json).vocab,
      'merges.txt': `#version: 0.2\n${MERGES.join('\n')}\n`,
    };
    const plain = await readTokenizer(write('gpt', files));
    expect(plain).toEqual(parseTokenizer(gpt()));
    const config = { tokenizer_class: 'RobertaTokenizer', add_prefix_space: true };
    const roberta = await readTokenizer(write('roberta', { ...files, 'tokenizer_config.json': config }));
    expect(roberta.spec).toEqual({ ...plain.spec, prefixIds: [0], suffixIds: [1], addPrefixSpace: true });
    expect(roberta.pair).toEqual({ prefixIds: [0], middleIds: [1, 1], suffixIds: [1], secondType: 0 });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['nothing', {}, 'expected tokenizer.json, vocab.txt, or vocab.json and merges.txt'],
    ['half', { 'vocab.json': {} }, 'expected tokenizer.json, vocab.txt, or vocab.json and merges.txt'],
    ['damaged', { 'tokenizer.json': '{"model":' }, 'tokenizer.json: expected JSON'],
    ['damaged-config', { 'vocab.txt': 'a', 'tokenizer_config.json': '<html>' }, 'tokenizer_config.json: expected JSON'],
    ['wrong-config', { 'vocab.txt': 'a', 'tokenizer_config.json': { do_lower_case: 'yes' } }, 'do_lower_case'],
  ])('refuses a directory with %s', async (name, files, message) => {
    const error: unknown = await readTokenizer(write(name, files)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code: 'invalid_tokenizer', message: expect.stringContaining(message) });
  });
});

/** `[CLS] $A [SEP]` as a TemplateProcessing has it. */
function template(single: string, pair: string): Json {
  const items = (text: string): Json[] =>
    text.split(' ').map((item) => {
      const [id, type = '0'] = item.split(':');
      const type_id = Number(type);
      return id.startsWith('$') ? { Sequence: { id: id.slice(1), type_id } } : { SpecialToken: { id, type_id } };
    });
  const special_tokens = { '[CLS]': { ids: [2] }, '[SEP]': { ids: [3] } };
  return { type: 'TemplateProcessing', single: items(single), pair: items(pair), special_tokens };
}
