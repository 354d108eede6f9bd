/** What a run comes to: means over the seeds, the file of each student, latencies measured one after the other. */
import { gzipSync } from 'node:zlib';
import type { Provenance } from '../../format/index.ts';
import { type PredictorInput, readStudent } from '../../runtime/index.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { datasetChecksum } from '../data/check-dataset.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Latency, measureLatency, medianInput, timedStudent } from '../evaluation/latency.ts';
import { exportStudent } from '../export-student.ts';
import { teacherInputOf } from '../inputs.ts';
import type { RunHooks } from '../progress.ts';
import { describeMachine } from '../records/machine.ts';
import { countTexts } from '../storage/stored-texts.ts';
import { identifyModel, kindOf } from '../teachers/kinds.ts';
import type { SavedTeacher } from '../teachers/saved-teacher.ts';
import { startTeacher } from '../teachers/teacher-predictor.ts';
import type { JudgedSeed, JudgedStudent } from './judge.ts';
import type {
  BaselineMetrics,
  DatasetMetrics,
  DistillationMetrics,
  Scores,
  StudentMetrics,
  StudentRun,
  TeacherMetrics,
} from './metrics.ts';
import { precisionOf } from './plan-student.ts';

/** A student of the seed that was best on dev, as a file. */
export interface ChosenStudent {
  readonly judged: JudgedStudent;
  readonly seed: JudgedSeed;
  /** Relative to the output folder. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Chooses on dev the seed whose students are shipped: all of one seed, since each seed has a teacher of its own. */
export async function chooseStudents(seeds: readonly JudgedSeed[]): Promise<ChosenStudent[]> {
  const onDev = ({ students }: JudgedSeed): number => mean(students.map(({ run }) => run.devAccuracy));
  const best = seeds.reduce((a, b) => (onDev(b) > onDev(a) ? b : a));
  const chosen: ChosenStudent[] = [];
  for (const judged of best.students) {
    const { plan, trained } = judged;
    const provenance = provenanceOf(judged, best);
    const bytes = await exportStudent(trained, plan.tokenizerTensors, precisionOf(plan), provenance);
    chosen.push({ judged, seed: best, file: `${plan.spec.name}.safetensors`, bytes });
  }
  return chosen;
}

function provenanceOf({ run }: JudgedStudent, { lesson }: JudgedSeed): Provenance {
  const { accuracy, f1, microF1, floatAccuracy, retention, agreement, gain } = run;
  return {
    teacher: {
      name: lesson.teacher.name,
      id: teacherId(lesson.teacher),
      ...(lesson.dataset.task === 'embed' ? {} : { accuracy: lesson.teacherOnTest.accuracy }),
    },
    configHash: run.configHash,
    metrics: {
      ...(lesson.dataset.task === 'embed'
        ? { spearman: accuracy, pearson: f1, floatSpearman: floatAccuracy, cosine: agreement }
        : { accuracy, f1, ...(microF1 === undefined ? {} : { microF1 }), floatAccuracy, agreement }),
      ...(retention === null ? {} : { retention }),
      ...(gain === null ? {} : { gain }),
    },
  };
}

/** The ids of its members, each the head's where it has one: that stands for the model as well. */
function teacherId({ members }: Pick<SavedTeacher, 'members'>): string {
  return members.map(({ modelId, head }) => head?.id ?? modelId).join('+');
}

/** Timed predictions: a teacher takes tens of milliseconds, a student tens of microseconds. */
const TEACHER_RUNS = { warmup: 3, runs: 20 };
const STUDENT_RUNS = { warmup: 2000, runs: 2000 };

/** Latency of the teacher and of each chosen student on the median input of test; nothing else runs meanwhile. */
export interface Latencies {
  /** Null for a teacher that answers over a network: its latency is that of the way there; and for one that is not served. */
  readonly teacher: Latency | null;
  readonly teacherBytes: number | null;
  readonly students: readonly Latency[];
}

/** Times the teacher, then the students, each on the median of what it reads of the test set. */
export async function timeModels(
  teacher: SavedTeacher,
  students: readonly ChosenStudent[],
  dataset: Dataset,
  inputs: readonly PredictorInput[],
  { signal }: RunHooks,
): Promise<Latencies> {
  const input = medianInput(inputs);
  if (teacher.task !== undefined && teacher.task !== 'classify') {
    return {
      teacher: null,
      teacherBytes: await bytesOf(teacher),
      students: await timeStudents(students, input, signal),
    };
  }
  const predictor = await startTeacher(teacher);
  try {
    const isHere = teacher.members.every(({ model }) => kindOf(model.options).runsIn === 'threads');
    const asked = medianInput(dataset.test.map((row) => teacherInputOf(dataset, row)));
    const teacherLatency = isHere ? await measureLatency(predictor, asked, TEACHER_RUNS, signal) : null;
    const latencies = await timeStudents(students, input, signal);
    return { teacher: teacherLatency, teacherBytes: predictor.info.bytes, students: latencies };
  } finally {
    await predictor.dispose();
  }
}

async function timeStudents(
  students: readonly ChosenStudent[],
  input: PredictorInput,
  signal: AbortSignal | undefined,
): Promise<readonly Latency[]> {
  const latencies: Latency[] = [];
  for (const { bytes } of students) {
    const student = readStudent(bytes);
    latencies.push(await measureLatency(timedStudent(student), input, STUDENT_RUNS, signal));
    student.dispose();
  }
  return latencies;
}

/** Bytes of the models of a teacher; null where one is not shipped. */
async function bytesOf({ members }: SavedTeacher): Promise<number | null> {
  const sizes = await Promise.all(members.map(async ({ model }) => (await identifyModel(model)).bytes));
  return sizes.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0);
}

/** Counts the rows of a dataset. */
export function measureDataset(dataset: Dataset): DatasetMetrics {
  const { name, task = 'classify', labels, train, dev, test, stored } = dataset;
  const given = train.filter(({ origin }) => origin === undefined);
  return {
    name,
    ...(task === 'classify' ? {} : { task }),
    checksum: datasetChecksum(dataset),
    labels,
    train: given.length + (stored === undefined ? 0 : countTexts(stored)),
    labelled: given.filter((row) => row.labels !== null).length,
    augmented: train.length - given.length,
    dev: dev.length,
    test: test.length,
  };
}

/** Puts everything that was measured together. */
export function summarize(
  config: ResolvedConfig,
  backend: string,
  seeds: readonly JudgedSeed[],
  chosen: readonly ChosenStudent[],
  latencies: Latencies,
  seconds: Readonly<Record<string, number>>,
): DistillationMetrics {
  const { dataset } = seeds[0].lesson;
  const teacher: TeacherMetrics = {
    name: seeds[0].lesson.teacher.name,
    ...meanScores(seeds.map(({ run }) => run.teacher)),
    bytes: latencies.teacherBytes,
    p50Ms: latencies.teacher?.p50Ms ?? null,
    p95Ms: latencies.teacher?.p95Ms ?? null,
  };
  return {
    name: config.name,
    dataset: measureDataset(dataset),
    seeds: config.seeds,
    backend,
    teacher,
    baselines: meanBaselines(seeds),
    students: chosen.map((student, i) => summarizeStudent(student, i, seeds, teacher, latencies.students[i])),
    machine: describeMachine(),
    seconds,
    runs: seeds.map(({ run }) => run),
  };
}

function meanBaselines(seeds: readonly JudgedSeed[]): readonly BaselineMetrics[] {
  return seeds[0].run.baselines.map(({ name }, i) => ({
    name,
    ...meanScores(seeds.map(({ run }) => run.baselines[i])),
  }));
}

function summarizeStudent(
  { judged, file, bytes }: ChosenStudent,
  position: number,
  seeds: readonly JudgedSeed[],
  teacher: TeacherMetrics,
  latency: Latency,
): StudentMetrics {
  const over = (value: (run: StudentRun) => number): number =>
    mean(seeds.map(({ students }) => value(students[position].run)));
  const { name, family } = judged.plan.spec;
  const { embeddingPrecision } = judged.plan.student;
  return {
    name,
    family,
    ...(embeddingPrecision === undefined ? {} : { embeddingPrecision }),
    file,
    bytes: bytes.length,
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
    ...meanScores(seeds.map(({ students }) => students[position].run)),
    floatAccuracy: over(({ floatAccuracy }) => floatAccuracy),
    floatAgreement: over(({ floatAgreement }) => floatAgreement),
    retention: seeds.some(({ students }) => students[position].run.retention === null)
      ? null
      : over(({ retention }) => retention!),
    agreement: over(({ agreement }) => agreement),
    gain: judged.run.gain === null ? null : over(({ gain }) => gain!),
    p50Ms: latency.p50Ms,
    p95Ms: latency.p95Ms,
    compression: teacher.bytes === null ? null : teacher.bytes / bytes.length,
    speedup: teacher.p50Ms === null ? null : teacher.p50Ms / latency.p50Ms,
  };
}

function meanScores(runs: readonly Scores[]): Scores {
  const over = (value: (scores: Scores) => number): number => mean(runs.map(value));
  return {
    accuracy: over(({ accuracy }) => accuracy),
    f1: over(({ f1 }) => f1),
    ...(runs[0].microF1 === undefined ? {} : { microF1: over(({ microF1 }) => microF1!) }),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
