/** Feature terms learn from the teacher's pooled features, which a teacher that gives answers alone does not have. */
import { invalid } from '../config/invalid-config.ts';
import type { Lesson } from './lessons.ts';
import type { StudentPlan } from './plan-student.ts';

/**
 * Takes the terms of a preset away where the teacher has no features.
 *
 * @param onNotice is told which students train without theirs
 * @throws InputError with code `invalid_config` where the config itself asks for such a term
 */
export function settleFeatureTerms(
  plans: readonly StudentPlan[],
  { splits, teacher }: Pick<Lesson, 'splits' | 'teacher'>,
  onNotice?: (notice: string) => void,
): readonly StudentPlan[] {
  if (splits.train.teacherFeatures !== null) return plans;
  return plans.map((plan, i) => {
    const { student } = plan;
    const { training, asksForFeatures } = student;
    if (training.objective.features.length === 0) return plan;
    if (asksForFeatures) {
      throw invalid(
        `students.${i}.training.features`,
        `expected a teacher with pooled features, got ${teacher.name}, which gives answers alone; leave features out, or choose a single teacher that embeds texts`,
      );
    }
    onNotice?.(`${student.name}: trained without a feature loss, because the teacher gives answers alone`);
    const objective = { ...training.objective, features: [] };
    return { ...plan, student: { ...student, training: { ...training, objective } } };
  });
}
