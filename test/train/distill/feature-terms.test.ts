import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/train/config/config.ts';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';
import type { StudentConfig } from '../../../src/train/config/student-config.ts';
import type { Dataset } from '../../../src/train/data/dataset.ts';
import { givesFeatures, withoutFeatureTerms } from '../../../src/train/distill/feature-terms.ts';
import type { StudentPlan } from '../../../src/train/distill/plan-student.ts';
import { tinyEncoder } from '../../support/tiny-encoders.ts';

const features = [{ loss: 'mse', beta: 0.1 }] as const;
const DATASET = { labels: ['ham', 'spam'], multiLabel: false } as unknown as Dataset;
const ENCODER = { kind: 'encoder', directory: tinyEncoder('bert'), maxTokens: 16 } as const;

function plansOf(...students: StudentConfig[]): StudentPlan[] {
  const config = resolveConfig({ name: 'mails', data: { train: 'rows.csv' }, students }, '/');
  return config.students.map((student) => ({ student }) as StudentPlan);
}

describe('givesFeatures', () => {
  it.each<[string, Config['teacher'], boolean]>([
    ['the sentence encoder', {}, true],
    ['an encoder', ENCODER, true],
    ['an encoder that is fine-tuned', { ...ENCODER, fineTune: {} }, true],
    ['a model from scratch', { kind: 'scratch' }, false],
    [
      'an ensemble of encoders',
      { kind: 'ensemble', members: [{ teacher: ENCODER }, { teacher: { ...ENCODER, maxTokens: 8 } }] },
      false,
    ],
  ])('says of %s: %j is %s', async (_, teacher, expected) => {
    const config = resolveConfig({ name: 'mails', data: { train: 'rows.csv' }, teacher }, '/');
    expect(await givesFeatures(config.teacher, DATASET, 'wasm')).toBe(expected);
  });
});

describe('withoutFeatureTerms', () => {
  it('takes the terms of a preset away, and says so', () => {
    const notices: string[] = [];
    const plans = plansOf({ family: 'static' }, { family: 'conv' });
    const settled = withoutFeatureTerms(plans, (notice) => notices.push(notice));
    expect(settled.map(({ student }) => student.training.objective.features)).toEqual([[], []]);
    expect(notices).toEqual(['conv: trained without a feature loss, because the teacher gives answers alone']);
  });

  it('refuses terms that the config asks for, and names the student', () => {
    const plans = plansOf({ family: 'conv' }, { family: 'static', training: { features } });
    expect(() => withoutFeatureTerms(plans)).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        message:
          'config, students.1.training.features: expected a teacher with pooled features, got one that gives answers alone; leave features out, or choose a single teacher that embeds texts',
      }),
    );
  });
});
