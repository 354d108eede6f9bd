/**
 * The files of a tokenizer before `tokenizer.json`: `vocab.txt` of BERT, or `vocab.json` and `merges.txt` of GPT-2 and
 * RoBERTa, with what `tokenizer_config.json` says about them. They are put into the form of a `tokenizer.json`.
 */
import * as v from 'valibot';
import { type AddedToken, type TokenizerJson, type TokenizerPart, VOCAB } from './tokenizer-json-parts.ts';
import { parsePart } from './unsupported.ts';

/** A token's spelling, by itself or as one of its fields. */
const TOKEN = v.nullish(
  v.union([
    v.string(),
    v.pipe(
      v.object({ content: v.string() }),
      v.transform(({ content }) => content),
    ),
  ]),
);

const CONFIG = v.object({
  do_lower_case: v.optional(v.boolean(), true),
  tokenize_chinese_chars: v.optional(v.boolean(), true),
  strip_accents: v.nullish(v.boolean()),
  add_prefix_space: v.optional(v.boolean(), false),
  tokenizer_class: v.nullish(v.string()),
  unk_token: TOKEN,
  cls_token: TOKEN,
  sep_token: TOKEN,
  bos_token: TOKEN,
  eos_token: TOKEN,
  pad_token: TOKEN,
});

/** @param vocabText `vocab.txt`: one piece a line, in the order of their ids */
export function fromVocabText(vocabText: string, configJson: unknown): TokenizerJson {
  const config = parsePart(CONFIG, configJson, 'tokenizer_config.json');
  const pieces = vocabText
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
  const { unk_token = '[UNK]', cls_token = '[CLS]', sep_token = '[SEP]', pad_token = '[PAD]' } = config;
  return {
    added_tokens: addedTokens([unk_token, cls_token, sep_token, pad_token], vocab),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: processing('BertProcessing', cls_token, sep_token, vocab),
    model: { type: 'WordPiece', unk_token, continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
  };
}

/** @param mergesText `merges.txt`: one merge a line, perhaps behind a line `#version` */
export function fromMergesText(vocabJson: unknown, mergesText: string, configJson: unknown): TokenizerJson {
  const config = parsePart(CONFIG, configJson, 'tokenizer_config.json');
  const vocab = parsePart(VOCAB, vocabJson, 'vocab.json');
  const merges = mergesText
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line, i) => line !== '' && !(i === 0 && line.startsWith('#version')));
  const isRoberta = /roberta/i.test(config.tokenizer_class ?? '') || typeof config.cls_token === 'string';
  const { cls_token = '<s>', sep_token = '</s>' } = config;
  const { unk_token, bos_token, eos_token, pad_token } = config;
  const around = isRoberta ? [cls_token, sep_token] : [];
  return {
    added_tokens: addedTokens([unk_token, bos_token, eos_token, pad_token, ...around], vocab),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: config.add_prefix_space },
    post_processor: isRoberta ? processing('RobertaProcessing', cls_token, sep_token, vocab) : null,
    model: { type: 'BPE', vocab, merges },
  };
}

function addedTokens(
  tokens: readonly (string | null | undefined)[],
  vocab: Readonly<Record<string, number>>,
): readonly AddedToken[] {
  const contents = new Set(tokens.filter((token) => typeof token === 'string' && Object.hasOwn(vocab, token)));
  return [...(contents as Set<string>)].map((content) => ({ id: vocab[content], content, special: true }));
}

function processing(
  type: 'BertProcessing' | 'RobertaProcessing',
  cls: string | null,
  sep: string | null,
  vocab: Readonly<Record<string, number>>,
): TokenizerPart {
  const token = (content: string | null): readonly unknown[] => [
    content,
    content === null ? -1 : (vocab[content] ?? -1),
  ];
  return { type, cls: token(cls), sep: token(sep) };
}
