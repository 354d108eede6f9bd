/** Feature terms learn from the teacher's pooled features, which a teacher that gives answers alone does not have. */
import type { BackendName } from '../backend.ts';
import type { MemberConfig } from '../config/config.ts';
import { invalid } from '../config/invalid-config.ts';
import type { Dataset } from '../data/dataset.ts';
import { identifyModel, kindOf } from '../teachers/kinds.ts';
import type { StudentPlan } from './plan-student.ts';

/** Whether a teacher will give features: a single model that embeds texts. Known before it labels anything. */
export async function givesFeatures(
  teacher: readonly MemberConfig[],
  { task, labels, multiLabel }: Dataset,
  backend: BackendName,
): Promise<boolean> {
  if (teacher.length > 1) return false;
  const [{ options }] = teacher;
  const kind = kindOf(options);
  if (kind.needsFit?.(options) === true) return kind.fittedOutput === 'features';
  const { output } = await identifyModel({ options, backend, task, labels, multiLabel });
  return output === 'features';
}

/**
 * The students of a teacher that gives answers alone: without the terms that a preset brought.
 *
 * @param onNotice is told which students train without theirs
 * @throws InputError with code `invalid_config` where the config itself asks for such a term
 */
export function withoutFeatureTerms(
  plans: readonly StudentPlan[],
  onNotice?: (notice: string) => void,
): readonly StudentPlan[] {
  return plans.map((plan, i) => {
    const { student } = plan;
    const { training, asksForFeatures } = student;
    if (training.objective.features.length === 0) return plan;
    if (asksForFeatures) {
      throw invalid(
        `students.${i}.training.features`,
        'expected a teacher with pooled features, got one that gives answers alone; leave features out, or choose a single teacher that embeds texts',
      );
    }
    onNotice?.(`${student.name}: trained without a feature loss, because the teacher gives answers alone`);
    const objective = { ...training.objective, features: [] };
    return { ...plan, student: { ...student, training: { ...training, objective } } };
  });
}
