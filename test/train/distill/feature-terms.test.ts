import { describe, expect, it } from 'vitest';
import type { StudentConfig } from '../../../src/train/config/config.ts';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';
import { settleFeatureTerms } from '../../../src/train/distill/feature-terms.ts';
import type { Lesson } from '../../../src/train/distill/lessons.ts';
import type { StudentPlan } from '../../../src/train/distill/plan-student.ts';

const features = [{ loss: 'mse', beta: 0.1 }] as const;

function plansOf(...students: StudentConfig[]): StudentPlan[] {
  const config = resolveConfig({ name: 'mails', data: { train: 'rows.csv' }, students }, '/');
  return config.students.map((student) => ({ student }) as StudentPlan);
}

function lesson(teacherFeatures: readonly Float32Array[] | null): Lesson {
  return { splits: { train: { teacherFeatures } }, teacher: { name: 'answers' } } as unknown as Lesson;
}

describe('settleFeatureTerms', () => {
  it('keeps every term where the teacher has features', () => {
    const plans = plansOf({ family: 'static', training: { features } }, { family: 'conv' });
    expect(settleFeatureTerms(plans, lesson([Float32Array.of(1)]))).toBe(plans);
  });

  it('takes the terms of a preset away where it has none, and says so', () => {
    const notices: string[] = [];
    const plans = plansOf({ family: 'static' }, { family: 'conv' });
    const settled = settleFeatureTerms(plans, lesson(null), (notice) => notices.push(notice));
    expect(settled.map(({ student }) => student.training.objective.features)).toEqual([[], []]);
    expect(notices).toEqual(['conv: trained without a feature loss, because the teacher gives answers alone']);
  });

  it('refuses terms that the config asks for, and names the student', () => {
    const plans = plansOf({ family: 'conv' }, { family: 'static', training: { features } });
    expect(() => settleFeatureTerms(plans, lesson(null))).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        message:
          'config, students.1.training.features: expected a teacher with pooled features, got answers, which gives answers alone; leave features out, or choose a single teacher that embeds texts',
      }),
    );
  });
});
