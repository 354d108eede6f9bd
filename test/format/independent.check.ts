/**
 * A reader and runtime in Python, written from FORMAT.md alone, gives the same tensors, ids, logits and scores, bit for
 * bit. Not part of `npm test`, since it needs a Python with safetensors and numpy: `npm run check:python`, with the path of
 * another Python in RETORT_PYTHON.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseStudent, type StudentFile } from '../../src/format/index.ts';
import { readStudent } from '../../src/runtime/node.ts';
import {
  convStudent,
  type StudentOptions,
  staticStudent,
  studentBytes,
  transformerStudent,
  VOCABULARY_NAMES,
} from '../support/students.ts';
import { TINY_STUDENT } from '../support/tiny-student.ts';

const PYTHON = process.env.RETORT_PYTHON ?? 'python3';
const FILES_A_KIND = 12;

const TEXTS = [
  ...['', ' ', 'a', 'you won a prize!', 'FREE prize at noon?', 'Ünïted ﬁsche, 5 ½', 'ΟΔΟΣ ΣΑΣ', 'İstanbul'],
  ...[
    '日本ご カタカナ ไทย',
    '😀😀 e\u0301!',
    '\ud800 lone \udc00',
    'a\u0000b\u0007c\u200bd\u00ad',
    '～~ ﷺ',
    '<s>you<unk>',
  ],
  ...[
    'free '.repeat(60),
    `${'x'.repeat(199)}😀`,
    `${'x'.repeat(198)}😀y`,
    'no\u00a0break\u3000space\t\r\n',
    '\uffff\ufffe',
  ],
  ...[
    "it's you're  we'll 'tis",
    'a  \t b\n\n c ',
    'freefree xxxxxxxxx日本日x',
    'x1 ½² ١٢ Ⅳ',
    '[you]won!!free',
    'unknownunknownun',
  ],
  ...['\u0085\u2028Σς ΣΑ', 'e\u0301\u0301 é ü', 'ab\u00adc \u{20000}\u{2b820}\ue000語'],
  ...['_under_score-d', 'prizeprizeprize', 'ing '.repeat(12), 'you won '.repeat(8)],
];

const toBits = (value: number): string =>
  new Uint32Array(new Float32Array([value]).buffer)[0].toString(16).padStart(8, '0');

const toHex = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('hex');

/** What Retort says about a file. */
function answers(bytes: Uint8Array): unknown {
  const student = readStudent(bytes);
  const { labels } = student.info;
  const cases = TEXTS.map((text) => {
    const { ids, truncated } = student.tokenize(text);
    const scores = new Map(student.classify(text).map(({ label, score }) => [label, score]));
    return {
      units: Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
      ids: [...ids],
      truncated,
      logits: Array.from(student.logits(text), toBits),
      scores: labels.map((label) => toBits(scores.get(label)!)),
    };
  });
  const tensors = [...parseStudent(bytes).tensors].map(([name, { data }]) => [name, toHex(data)]);
  return { tensors: Object.fromEntries(tensors), cases };
}

function* students(): Generator<StudentFile> {
  yield TINY_STUDENT;
  for (let seed = 1; seed <= FILES_A_KIND; seed++) {
    const options: StudentOptions = {
      seed,
      labels: ['a', 'b', 'c', 'd', 'e'].slice(0, 2 + (seed % 4)),
      multiLabel: seed % 2 === 0,
      hiddenSize: 5 + seed,
    };
    yield staticStudent(options);
    for (const vocabulary of VOCABULARY_NAMES) yield convStudent({ ...options, vocabulary });
    yield staticStudent({ ...options, precision: 'float32' });
    yield convStudent({ ...options, precision: 'float32' });
    yield transformerStudent({ ...options, hiddenSize: 4 * seed });
    yield [staticStudent, convStudent, transformerStudent][seed % 3]({
      ...options,
      hiddenSize: 32 * (1 + (seed % 4)),
      precision: 'int4',
    });
    yield transformerStudent({ ...options, hiddenSize: 4 * seed, precision: 'float32' });
  }
}

describe('a runtime in Python', () => {
  it('opens what encodeStudent writes and computes the same bits', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'retort-format-'));
    try {
      let files = 0;
      for (const file of students()) {
        const name = join(folder, `student-${files++}`);
        const bytes = await studentBytes(file);
        await writeFile(`${name}.safetensors`, bytes);
        await writeFile(`${name}.json`, JSON.stringify(answers(bytes)));
      }
      const script = new URL('independent.py', import.meta.url).pathname;
      const { stdout } = await promisify(execFile)(PYTHON, [script, folder, 'FORMAT.md']);
      expect(stdout).toContain(`${files} files`);
      expect(stdout).toContain(`${files * TEXTS.length} texts, `);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
