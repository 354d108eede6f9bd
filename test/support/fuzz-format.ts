/**
 * Runs mutated student files: each is refused with a typed error, or predicts without a trap, without a byte changed or
 * read that matters outside of its arena, and within memory and time that its size bounds.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  FORMAT_RULES,
  type FormatRule,
  InputError,
  StudentFormatError,
  type StudentSpec,
} from '../../src/format/index.ts';
import {
  loadStudent,
  type PredictorInput,
  type ReadOptions,
  readStudent,
  type Student,
} from '../../src/runtime/node.ts';
import { Plan } from '../../src/runtime/plan.ts';
import { withCheckedViews } from './checked-views.ts';
import { type MutantKind, mutantOf } from './fuzz-mutants.ts';
import { fuzzSeeds } from './fuzz-seeds.ts';

const TEXTS = ['', 'you won a prize! 日本 😀', 'free '.repeat(40)];

/** Bytes behind the arena: as F32 no numbers, as int8 -1, as ids out of every range; then zeros. */
const CANARIES = [0xff, 0];

/** Of so many mutants that load, one runs on scalar kernels that check every index, and has its SHA-256 checked. */
const CLOSE_LOOKS = 64;

/** Most linear memory of a student: what `arenaSize` allows, as much to work in, and its packed weights. */
export function mostMemoryBytes(fileBytes: number): number {
  return 2 * 2 ** 26 + 16 * fileBytes + 2 ** 16;
}

/** Most milliseconds of the processor to refuse a file, or to load it and predict six times; the first one compiles. */
export function mostMilliseconds(fileBytes: number): number {
  return 1000 + fileBytes / 1024;
}

/** Which mutants to run. */
export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Number of the first one; 0 if left out. */
  readonly first?: number;
  /** Called from time to time with how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** What became of the mutants. */
export interface FuzzReport {
  readonly seed: number;
  readonly mutants: number;
  readonly kinds: Readonly<Record<MutantKind, number>>;
  /** Those that predict. */
  readonly loaded: number;
  /** Of these, those that were looked at closely. */
  readonly closeLooks: number;
  /** Those that each rule of the format refused. */
  readonly hits: Readonly<Record<FormatRule, number>>;
  readonly neverHit: readonly FormatRule[];
  readonly slowestMs: number;
  readonly largestMemoryBytes: number;
}

/** A mutant that did what none may. */
export class FuzzFailure extends Error {
  readonly mutant: number;
  readonly bytes: Uint8Array;

  constructor(mutant: number, bytes: Uint8Array, cause: unknown) {
    super(`mutant ${mutant}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.mutant = mutant;
    this.bytes = bytes;
  }
}

/** Where the last student that was read has its arena. */
let arena: { readonly memory: ArrayBuffer; readonly byteLength: number } | null = null;
const writeConstants = Plan.prototype.writeConstants;
Plan.prototype.writeConstants = function (this: Plan, memory: ArrayBuffer): void {
  arena = { memory, byteLength: this.byteLength };
  writeConstants.call(this, memory);
};

/** @throws FuzzFailure at the first mutant that does what none may */
export async function fuzzFormat({ seed, count, first = 0, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const files = await fuzzSeeds();
  const kinds = { structure: 0, data: 0, anywhere: 0 };
  const hits = Object.fromEntries(Object.keys(FORMAT_RULES).map((rule) => [rule, 0])) as Record<FormatRule, number>;
  let [loaded, closeLooks, slowestMs, largestMemoryBytes] = [0, 0, 0, 0];
  for (let i = first; i < first + count; i++) {
    const { kind, bytes } = mutantOf(files, seed, i);
    kinds[kind]++;
    try {
      const started = process.cpuUsage();
      const outcome = outcomeOf(bytes);
      const { user, system } = process.cpuUsage(started);
      const ms = (user + system) / 1000;
      slowestMs = Math.max(slowestMs, ms);
      const limit = mostMilliseconds(bytes.length);
      if (ms > limit) throw new Error(`expected at most ${limit} ms for ${bytes.length} bytes, got ${ms}`);
      if (outcome instanceof StudentFormatError) hits[outcome.rule]++;
      else if (!(outcome instanceof InputError)) {
        largestMemoryBytes = Math.max(largestMemoryBytes, outcome.memoryBytes);
        if (loaded++ % CLOSE_LOOKS === 0) {
          await lookClosely(bytes, outcome.answers);
          closeLooks++;
        }
      }
    } catch (cause) {
      throw new FuzzFailure(i, bytes, cause);
    }
    if (i % 1000 === 999) onProgress?.(i + 1 - first);
  }
  const neverHit = (Object.keys(hits) as FormatRule[]).filter((rule) => hits[rule] === 0);
  return { seed, mutants: count, kinds, loaded, closeLooks, hits, neverHit, slowestMs, largestMemoryBytes };
}

/** The typed error, or what the student predicts. */
function outcomeOf(
  bytes: Uint8Array,
): StudentFormatError | InputError | { readonly memoryBytes: number; readonly answers: Answers } {
  let student: Student;
  try {
    student = readStudent(bytes);
  } catch (error) {
    if (error instanceof StudentFormatError || error instanceof InputError) return error;
    throw error;
  }
  const { memoryBytes } = student.info;
  const limit = mostMemoryBytes(bytes.length);
  if (memoryBytes > limit) throw new Error(`expected at most ${limit} bytes of memory, got ${memoryBytes}`);
  const { memory, byteLength } = arena!;
  const behind = Buffer.from(memory, byteLength);
  const [answers, again] = CANARIES.map((canary) => {
    behind.fill(canary);
    const answers = answersOf(student);
    if (!behind.equals(Buffer.alloc(behind.length, canary))) throw new Error('bytes behind the arena were written');
    return answers;
  });
  if (!isDeepStrictEqual(answers, again)) throw new Error('bytes behind the arena were read');
  student.dispose();
  return { memoryBytes, answers };
}

/** What a student says of the texts, whatever its task is. */
type Answers = readonly unknown[];

function answersOf(student: Student): Answers {
  const { task, labels, spec } = student.info;
  if (task === 'tag') return student.tag(TEXTS);
  const inputs = inputsOf(spec);
  if (task === 'embed') return student.embed(inputs);
  const predictions = student.predict(inputs);
  if (predictions.some((one) => one.labels.length !== labels.length)) throw new Error('a label is missing');
  return predictions;
}

/** Some of what a student reads. */
function inputsOf({ input }: StudentSpec): readonly PredictorInput[] {
  if (input === undefined) return TEXTS;
  if (input.kind === 'pair') return TEXTS.map((text) => ({ text, pair: TEXTS[1] }));
  return [0, 77].map((byte) => new Uint8Array(input.height * input.width * input.channels).fill(byte));
}

/** The same answers where no index may leave the arena, and the right SHA-256. */
async function lookClosely(bytes: Uint8Array, answers: Answers): Promise<void> {
  const options: ReadOptions = { kernels: 'scalar' };
  const student = withCheckedViews(() => readStudent(bytes, options));
  if (!isDeepStrictEqual(answersOf(student), answers)) throw new Error('the scalar kernels answer otherwise');
  await loadStudent(bytes);
}
