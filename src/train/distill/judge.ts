/** Judges what was trained: float and quantized students through `src/runtime`, baselines on the same test set. */
import { isPixels, readStudent, type Student } from '../../runtime/index.ts';
import { majorityBaseline } from '../baselines/majority.ts';
import { tfIdfBaseline } from '../baselines/tf-idf.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { configHash } from '../config/config-hash.ts';
import { agreementOf, type Evaluation, evaluateDecisions, evaluateStudent } from '../evaluation/evaluate.ts';
import type { Decisions } from '../evaluation/scores.ts';
import { exportStudent } from '../export-student.ts';
import type { WeightPrecision } from '../quantization.ts';
import type { TrainedStudent } from '../training-run.ts';
import type { TransferSet } from '../transfer-set.ts';
import type { Lesson } from './lessons.ts';
import type { BaselineMetrics, Scores, SeedRun, StudentRun } from './metrics.ts';
import { precisionOf, type StudentPlan } from './plan-student.ts';
import { VARIANT_NAMES, type Variant } from './variants.ts';

/** One trained variant of one student. */
export interface TrainedVariant {
  readonly plan: StudentPlan;
  readonly variant: Variant;
  readonly trained: TrainedStudent;
}

/** A distilled student with its scores and its answers on test. */
export interface JudgedStudent {
  readonly plan: StudentPlan;
  readonly trained: TrainedStudent;
  readonly run: StudentRun;
  readonly onTest: Evaluation;
}

/** Everything of one seed, judged. */
export interface JudgedSeed {
  readonly lesson: Lesson;
  readonly students: readonly JudgedStudent[];
  readonly run: SeedRun;
}

/** Judges the students of one seed, and what they are compared with. */
export async function judgeSeed(
  lesson: Lesson,
  variants: readonly TrainedVariant[],
  config: ResolvedConfig,
  signal: AbortSignal | undefined,
): Promise<JudgedSeed> {
  const { seed, splits } = lesson;
  const compared: (BaselineMetrics & { readonly plan: StudentPlan; readonly variant: Variant })[] = [];
  for (const { plan, variant, trained } of variants.filter((one) => one.variant !== 'distilled')) {
    const scores = scoresOf(await evaluateIn(precisionOf(plan), trained, plan, splits.test));
    compared.push({ plan, variant, name: `${plan.spec.name}, ${VARIANT_NAMES[variant]}`, ...scores });
  }
  const students: JudgedStudent[] = [];
  for (const { plan, trained } of variants.filter((one) => one.variant === 'distilled')) {
    const labelsOnly = compared.find((one) => one.plan === plan && one.variant === 'labelsOnly');
    students.push(await judgeStudent(lesson, plan, trained, labelsOnly?.accuracy ?? null, configHash(config, seed)));
  }
  const baselines = [
    ...(config.baselines ? await judgeBaselines(splits, signal) : []),
    ...compared.map(({ plan, variant, ...baseline }) => baseline),
  ];
  return {
    lesson,
    students,
    run: {
      seed,
      teacher: judgeTeacher(lesson),
      baselines,
      students: students.map(({ run }) => run),
    },
  };
}

/** Scores of a teacher, from answers that it gave already. */
export function judgeTeacher({ teacherOnDev, teacherOnTest, learning }: Lesson): SeedRun['teacher'] {
  return { ...scoresOf(teacherOnTest), devAccuracy: teacherOnDev.accuracy, learning };
}

/** The scores of an evaluation as they are reported. */
export function scoresOf({ accuracy, f1, microF1 }: Pick<Evaluation, 'accuracy' | 'f1' | 'microF1'>): Scores {
  return { accuracy, f1, ...(microF1 === null ? {} : { microF1 }) };
}

async function judgeStudent(
  { splits, teacherOnTest }: Lesson,
  plan: StudentPlan,
  trained: TrainedStudent,
  labelsOnlyAccuracy: number | null,
  hash: string,
): Promise<JudgedStudent> {
  const onDev = await evaluateIn(precisionOf(plan), trained, plan, splits.dev);
  const onTest = await evaluateIn(precisionOf(plan), trained, plan, splits.test);
  const float = await evaluateIn('float', trained, plan, splits.test);
  const { accuracy, confusion } = onTest;
  const run: StudentRun = {
    name: plan.spec.name,
    ...scoresOf(onTest),
    devAccuracy: onDev.accuracy,
    floatAccuracy: float.accuracy,
    floatAgreement: agreementOf(onTest, float, splits.test),
    retention: teacherOnTest.accuracy === 0 ? null : accuracy / teacherOnTest.accuracy,
    agreement: agreementOf(onTest, teacherOnTest, splits.test),
    gain: labelsOnlyAccuracy === null ? null : accuracy - labelsOnlyAccuracy,
    confusion,
    bestEpoch: trained.bestEpoch,
    history: trained.history,
    configHash: hash,
  };
  return { plan, trained, run, onTest };
}

async function evaluateIn(
  precision: WeightPrecision,
  trained: TrainedStudent,
  { tokenizerTensors }: StudentPlan,
  set: TransferSet,
): Promise<Evaluation> {
  const student: Student = readStudent(await exportStudent(trained, tokenizerTensors, precision, {}));
  const evaluation = await evaluateStudent(student, set);
  student.dispose();
  return evaluation;
}

/** To classify; a bag of words neither tags nor embeds. */
async function judgeBaselines(
  { train, dev, test }: Lesson['splits'],
  signal: AbortSignal | undefined,
): Promise<readonly BaselineMetrics[]> {
  if (train.task !== undefined && train.task !== 'classify') return [];
  const majority = { name: 'majority', ...baselineScores(majorityBaseline(train, test), test) };
  if (isPixels(test.inputs[0])) return [majority];
  const decisions = await tfIdfBaseline(train, dev, test, signal);
  return [majority, { name: 'TF-IDF + linear, labels only', ...baselineScores(decisions, test) }];
}

function baselineScores(decisions: Decisions, test: TransferSet): Scores {
  return scoresOf(evaluateDecisions(decisions, test));
}
