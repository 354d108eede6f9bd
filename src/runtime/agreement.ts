/** When predictors say the same, for those who put them side by side. */
import type { LabelScore } from './predictor.ts';

/** Score from which a label of a multi-label model counts as given. */
const GIVEN_SCORE = 0.5;

/**
 * The labels that a predictor gives, as a text that is the same where another gives the same.
 *
 * @param ranked best first
 */
export function verdictOf(ranked: readonly LabelScore[], multiLabel: boolean): string {
  const given = multiLabel ? ranked.filter(({ score }) => score >= GIVEN_SCORE) : ranked.slice(0, 1);
  return JSON.stringify(given.map(({ label }) => label).sort());
}

/**
 * Shares of verdicts in which every two models agree.
 *
 * @param verdicts of each model, as many for each
 * @returns `[models, models]`; 1 where there are no verdicts, for then nothing differs
 */
export function agreementsOf(verdicts: readonly (readonly string[])[]): readonly (readonly number[])[] {
  const agreement = (a: readonly string[], b: readonly string[]): number =>
    a.length === 0 ? 1 : a.filter((verdict, i) => verdict === b[i]).length / a.length;
  return verdicts.map((a) => verdicts.map((b) => agreement(a, b)));
}
