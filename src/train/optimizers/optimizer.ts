/**
 * What an optimizer is: a rule that moves numbers against their gradient, where they lie. It keeps nothing itself, so
 * that any thread can move any stretch of the parameters, and a step of a table touches the rows that were used alone.
 */

/** Numbers and what an optimizer remembers of them. */
export interface Moving {
  readonly values: Float32Array;
  /** Each has at `i` what is remembered of `values[i]`. */
  readonly moments: readonly Float32Array[];
}

/** What holds for all parameters in one step. */
export interface StepRates {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** Factor of the gradient, which clips it. */
  readonly scale: number;
}

/**
 * Moves one stretch in place. Double precision inside, rounded once where a number is stored. A table of 200,000 rows
 * calls it for each row that a step used, hence plain numbers.
 *
 * @param at first element in `values` and in each moment
 * @param gradientAt first element in `gradient`
 * @param decay decoupled weight decay of the stretch: the share of a weight that a step of learning rate 1 takes away
 */
export type Move = (
  moving: Moving,
  gradient: Float32Array,
  at: number,
  gradientAt: number,
  length: number,
  decay: number,
) => void;

/** One rule. */
export interface Optimizer {
  /** Numbers that it remembers of each parameter; they start at 0. */
  readonly numMoments: number;
  /** @returns the rule as it is in one step */
  at(rates: StepRates): Move;
}
