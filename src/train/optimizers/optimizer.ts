/**
 * What an optimizer is. All trained tensors of a run lie in one vector, so that a step is a dozen operations rather
 * than a dozen for each of twenty tensors, and a checkpoint is one array for the weights and one for each moment.
 */
import type * as tf from '@tensorflow/tfjs-core';

/** Everything that an optimizer remembers between steps, exactly. */
export interface OptimizerState {
  /** Steps taken. */
  readonly step: number;
  /** Moments, each as long as the parameter vector. */
  readonly moments: readonly Float32Array[];
}

/** Moves a vector of parameters against its gradient. */
export interface Optimizer {
  /**
   * @param parameters `[size]`, left as it is
   * @param gradient `[size]`
   * @returns the parameters after the step; the caller disposes both
   */
  update(parameters: tf.Tensor1D, gradient: tf.Tensor1D, learningRate: number): tf.Tensor1D;
  state(): OptimizerState;
  dispose(): void;
}

/** Decoupled weight decay (Loshchilov & Hutter 2017, arXiv:1711.05101). */
export interface WeightDecay {
  /** Share of a weight that a step of learning rate 1 takes away. */
  readonly rate: number;
  /** 1 where a parameter decays, 0 where it does not (biases, norms, pooling weights), `[size]`. */
  readonly mask: Float32Array;
}
