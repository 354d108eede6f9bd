/** `retort bench`: how fast and how large students are here, beside their teacher. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { InputError, type PredictorInput, readStudent, type StudentSpec } from '../runtime/index.ts';
import { fileFault, formatBytes, formatMs, measureLatency, timedStudent } from '../train/index.ts';
import { positiveInteger } from './option-values.ts';
import { loadStudents, loadTeacher } from './predictors.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface BenchOptions {
  readonly text?: string;
  readonly textFile?: string;
  readonly runs: number;
  readonly teacher?: string;
  readonly json?: true;
}

/** What is measured of a student or a teacher. */
interface BenchResult {
  readonly name: string;
  /** Size of what it reads, in words. */
  readonly input: string;
  readonly backend: string;
  readonly bytes: number | null;
  /** Null of a teacher, as is the time to load. */
  readonly memoryBytes: number | null;
  readonly loadMs: number | null;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Timed runs of a teacher, which is a thousand times slower. */
const TEACHER_RUNS = 20;
/** Loads that are timed; the first ones warm up the engine. */
const LOADS = { warmup: 5, runs: 20 };

const DEFAULT_TEXT =
  'Dear customer, thank you for your order. Your parcel has left our warehouse this morning and will reach you within ' +
  'three days. You can follow it with the number below. If you have any question, please reply to this message.';

/** The command. */
export function benchCommand(terminal: Terminal): Command {
  return new Command('bench')
    .description('Latency (batch 1, tokenization included, warm), load time and size.')
    .argument('<students...>', 'student files, or folders of them')
    .option('--text <text>', 'text to classify, tag or embed; both texts of a pair')
    .option('--text-file <path>', 'file that holds the text')
    .option('--runs <n>', 'timed answers of each student', positiveInteger, 2000)
    .option('--teacher <path>', 'a teacher.json, timed as well')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Example:
  $ retort bench out/spam --teacher out/spam/teacher.json --text "hello"

Students of images are timed on a black one.`,
    )
    .action((students: string[], options: BenchOptions) => runBench(students, options, terminal));
}

async function runBench(paths: readonly string[], options: BenchOptions, terminal: Terminal): Promise<void> {
  const text = await readText(options);
  const results: BenchResult[] = [];
  const students = await loadStudents(paths);
  const readsText = students.some(({ student }) => student.info.spec.input?.kind !== 'image');
  if (!readsText && (options.text ?? options.textFile) !== undefined) {
    const got = options.text === undefined ? '--text-file' : '--text';
    throw new InputError(`bench: expected no text for students that read images, got ${got}; leave it out`);
  }
  for (const { student, bytes } of students) {
    const { name, backend, memoryBytes, spec } = student.info;
    const { input, size } = inputFor(spec, text);
    const runs = { warmup: options.runs, runs: options.runs };
    const latency = await measureLatency(timedStudent(student), input, runs, terminal.signal);
    const loadMs = timeLoad(bytes, input);
    results.push({ name, input: size, backend, bytes: bytes.length, memoryBytes, loadMs, ...latency });
  }
  if (options.teacher !== undefined) {
    const teacher = await loadTeacher(options.teacher);
    try {
      const { input, size } = inputFor(students[0].student.info.spec, text);
      const latency = await measureLatency(teacher, input, { warmup: 3, runs: TEACHER_RUNS }, terminal.signal);
      const { name, backend, bytes } = teacher.info;
      results.push({ name, input: size, backend, bytes, memoryBytes: null, loadMs: null, ...latency });
    } finally {
      await teacher.dispose();
    }
  }
  const characters = readsText ? text.length : null;
  terminal.print(options.json ? JSON.stringify({ characters, results }, null, 1) : describe(results));
}

/** A table headed by what all read; where that differs, it stands in each row. */
function describe(results: readonly BenchResult[]): string {
  const [{ input: firstInput }] = results;
  const isOneInput = results.every(({ input }) => input === firstInput);
  const rows = results.map(({ name, input, backend, bytes, loadMs, p50Ms, p95Ms }) => [
    isOneInput ? name : `${name}, ${input}`,
    backend,
    formatBytes(bytes),
    loadMs === null ? '' : formatMs(loadMs),
    formatMs(p50Ms),
    formatMs(p95Ms),
  ]);
  return formatTable([isOneInput ? firstInput : '', 'backend', 'size', 'load ms', 'p50 ms', 'p95 ms'], rows);
}

async function readText({ text, textFile }: BenchOptions): Promise<string> {
  if (text !== undefined && textFile !== undefined) {
    throw new InputError('bench: expected --text or --text-file, got both; choose one');
  }
  if (textFile === undefined) return text ?? DEFAULT_TEXT;
  return readFile(textFile, 'utf8').catch((cause) => {
    throw new InputError(`${textFile}: expected a readable file, got ${fileFault(cause)}; check the path`, { cause });
  });
}

/** What a student reads: the text, the text as both of a pair, or a black image; and how long or large that is. */
function inputFor({ input }: StudentSpec, text: string): { readonly input: PredictorInput; readonly size: string } {
  if (input === undefined) return { input: text, size: `${text.length} characters` };
  if (input.kind === 'pair') return { input: { text, pair: text }, size: `2 x ${text.length} characters` };
  const { height, width, channels } = input;
  return { input: new Uint8Array(height * width * channels), size: `${height} x ${width} pixels` };
}

/** Median milliseconds from bytes to the first answer, in an engine that is warm. */
function timeLoad(bytes: Uint8Array, input: PredictorInput): number {
  const times: number[] = [];
  for (let i = -LOADS.warmup; i < LOADS.runs; i++) {
    const started = performance.now();
    const student = readStudent(bytes);
    timedStudent(student).predict([input]);
    if (i >= 0) times.push(performance.now() - started);
    student.dispose();
  }
  return times.sort((a, b) => a - b)[LOADS.runs / 2];
}
