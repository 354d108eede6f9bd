/**
 * Tokenizers beside those of transformers.js, from the same `tokenizer.json` and in the same process:
 *
 *   npm ci --prefix bench && npm run bench:tokenizers [-- --samples 200 --json]
 *
 * Reads the sentences of 65 languages that the tests read, with the ids that Hugging Face's own library gives. Those of
 * which either gives others are left out for both, and counted: no time is that of a wrong answer. What is timed is
 * `encode` of each: transformers.js, which remembers the pieces of words, gives an array; Retort leaves the ids in its
 * buffer. Prints a table and writes bench/results/tokenizers.json.
 */
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/train/atomic-file.ts';
import { type Golden, idsOf, readGolden, tokenizerOf } from '../test/runtime/tokenizers/golden.ts';
import { charsmap, NMT_NFKC } from '../test/support/charsmap.ts';
import { time } from './timing.ts';

/** The part of `@huggingface/transformers` that is used; the package is one of bench/package.json. */
interface Transformers {
  readonly PreTrainedTokenizer: new (
    tokenizer: unknown,
    config: { readonly tokenizer_class: string },
  ) => { encode(text: string): number[] };
}

interface TokenizerJson {
  readonly normalizer: { readonly type: string } | null;
}

interface Row {
  readonly tokenizer: string;
  /** Sentences that were timed. */
  readonly texts: number;
  /** Sentences that are not, since Retort or transformers.js gives other ids than the reference. */
  readonly leftOut: { readonly retort: number; readonly transformers: number };
  readonly tokens: number;
  /** Milliseconds for all sentences, median. */
  readonly retortMs: number;
  readonly transformersMs: number;
}

const OUTPUT = 'bench/results/tokenizers.json';
const FIXTURES: readonly string[] = ['wordpiece', 'bpe', 'unigram-json'];
const FIXTURE_FOLDER = pathToFileURL(resolve('test/runtime/tokenizers/'));

const { values } = parseArgs({ options: { samples: { type: 'string', default: '200' }, json: { type: 'boolean' } } });
const transformers = (await import('@huggingface/transformers' as string)) as Transformers;

const rows = FIXTURES.flatMap((name) => {
  const golden = readGolden(`${FIXTURE_FOLDER}/${name}-golden.json`);
  return Object.keys(golden.tokenizers).map((kind) => measure(golden, name.replace('-json', ''), kind));
});
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
await mkdir('bench/results', { recursive: true });
await writeFileAtomic(OUTPUT, `${JSON.stringify({ machine, rows }, null, 1)}\n`);
if (values.json) console.log(JSON.stringify({ machine, rows }, null, 1));
else {
  console.log(`${machine.cpu}, Node ${machine.node}, one thread; written to ${OUTPUT}`);
  for (const { tokenizer, texts, leftOut, tokens, retortMs, transformersMs } of rows) {
    const work = `${texts} texts, ${tokens} tokens, wrong ${leftOut.retort} / ${leftOut.transformers}`;
    const times = (transformersMs / retortMs).toFixed(1);
    const figures = `${retortMs.toFixed(3)} ms, transformers.js ${transformersMs.toFixed(3)} ms, ${times}x`;
    console.log(`${tokenizer.padEnd(42)} ${work.padEnd(44)} ${figures}`);
  }
}

function measure({ texts, tokenizers }: Golden, name: string, kind: string): Row {
  const { tokenizer: json, ids } = tokenizers[kind];
  const own = tokenizerOf(withCharsmap(json as TokenizerJson));
  const peer = new transformers.PreTrainedTokenizer(json, { tokenizer_class: 'PreTrainedTokenizer' });
  const isRight = (answer: readonly number[], i: number): boolean => String(answer) === String(ids[i]);
  const rightOwn = texts.map((text, i) => isRight(idsOf(own, text), i));
  const rightPeer = texts.map((text, i) => isRight(peer.encode(text), i));
  const shared = texts.filter((_, i) => rightOwn[i] && rightPeer[i]);
  const tokens = shared.reduce((sum, text) => sum + idsOf(own, text).length, 0);
  const [retort, other] = time(
    [
      { name: 'retort', run: () => shared.map((text) => own.encode(text)) },
      { name: 'transformers', run: () => shared.map((text) => peer.encode(text)) },
    ],
    Number(values.samples),
  );
  return {
    tokenizer: `${name}, ${kind}`,
    texts: shared.length,
    leftOut: { retort: wrong(rightOwn), transformers: wrong(rightPeer) },
    tokens,
    retortMs: retort.p50Ms,
    transformersMs: other.p50Ms,
  };
}

/** The fixture leaves out the table of SentencePiece's rules, which transformers.js has built in and Retort looks for. */
function withCharsmap(json: TokenizerJson): TokenizerJson {
  if (json.normalizer?.type !== 'Precompiled') return json;
  return { ...json, normalizer: { ...json.normalizer, precompiled_charsmap: charsmap(NMT_NFKC) } as never };
}

function wrong(answers: readonly boolean[]): number {
  return answers.filter((isRight) => !isRight).length;
}
