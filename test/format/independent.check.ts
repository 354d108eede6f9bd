/**
 * A reader and runtime in Python, written from FORMAT.md alone, gives the same tensors, ids, logits and answers to every
 * task, bit for bit. Not part of `npm test`, since it needs a Python with safetensors and numpy: `npm run check:python`, with the path of
 * another Python in RETORT_PYTHON.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseStudent, type StudentFile } from '../../src/format/index.ts';
import { isPixels } from '../../src/runtime/index.ts';
import { type PredictorInput, readStudent, type StudentSpec } from '../../src/runtime/node.ts';
import { answerOf } from '../support/answers.ts';
import {
  convStudent,
  embedStudent,
  imageStudent,
  pairStudent,
  type StudentOptions,
  seeded,
  staticStudent,
  studentBytes,
  tagStudent,
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

const toHex = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('hex');

/** As many inputs as there are texts, of the kind that a student reads. */
function inputsFor({ input }: StudentSpec): readonly PredictorInput[] {
  if (input === undefined) return TEXTS;
  if (input.kind === 'pair') return TEXTS.map((text, i) => ({ text, pair: TEXTS[(7 * i + 1) % TEXTS.length] }));
  const random = seeded(1);
  const size = input.height * input.width * input.channels;
  // Of the images some are all black, all white or flat.
  return TEXTS.map((_, i) => Uint8Array.from({ length: size }, () => (i < 3 ? 127.5 * i : 256 * random())));
}

/** An input as JSON: texts as their units, of which it keeps lone surrogates too. */
function givenAs(input: PredictorInput): unknown {
  if (isPixels(input)) return { pixels: [...input] };
  const texts = typeof input === 'string' ? [input] : [input.text, input.pair];
  return { texts: texts.map((text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))) };
}

/** What Retort says about a file. */
function answers(bytes: Uint8Array): unknown {
  const student = readStudent(bytes);
  const cases = inputsFor(student.info.spec).map((input) => ({
    given: givenAs(input),
    answer: answerOf(student, input),
  }));
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
    for (const vocabulary of VOCABULARY_NAMES) {
      yield convStudent({ ...options, vocabulary });
      yield tagStudent({ ...options, vocabulary });
    }
    const patches = {
      kernelSize: 1 + (seed % 4),
      stride: 1 + (seed % 3),
      padding: seed % 2 === 0 ? 'same' : 'valid',
    } as const;
    for (const precision of ['int8', 'float'] as const) {
      yield staticStudent({ ...options, precision });
      yield transformerStudent({ ...options, hiddenSize: 4 * seed, precision });
      yield pairStudent({ ...options, precision });
      yield embedStudent({ ...options, precision });
      yield imageStudent({ ...options, precision }, patches);
    }
    yield convStudent({ ...options, precision: 'float' });
    yield tagStudent({ ...options, precision: 'float' });
    yield [staticStudent, convStudent, transformerStudent][seed % 3]({
      ...options,
      hiddenSize: 32 * (1 + (seed % 4)),
      precision: 'int4',
    });
  }
}

describe('a runtime in Python', () => {
  it('opens what encodeStudent writes and computes the same bits, on as many files as FORMAT.md says', async () => {
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
      const tensors = stdout.match(/(\d+) tensors/)?.[1];
      expect(stdout).toContain(`${files} files, ${tensors} tensors, ${files * TEXTS.length} inputs, `);
      const stated = readFileSync('FORMAT.md', 'utf8').match(
        /on (\d+) students .* their ([\d,]+) tensors .* On (\d+) inputs/,
      );
      expect(stated?.slice(1)).toEqual([`${files}`, Number(tensors).toLocaleString('en-US'), `${TEXTS.length}`]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
