/** What goes wrong in a training that was set up well. */
import { RetortError } from '../../format/index.ts';

/** A training cannot go on. `code` is `loss_not_finite` or `worker_lost`. */
export class TrainingError extends RetortError {
  /** Step at which it ended, from 1. */
  readonly step: number;

  constructor(code: 'loss_not_finite' | 'worker_lost', step: number, message: string, options?: ErrorOptions) {
    super(code, `training, step ${step}: ${message}`, options);
    this.step = step;
  }
}
