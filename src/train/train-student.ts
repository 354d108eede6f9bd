/** Trains one student: a network whose weights go into a file. */
import type { RunHooks } from './progress.ts';
import { type TrainNetworkOptions, trainNetwork } from './train-network.ts';
import type { TrainedStudent, TrainingTask } from './training-run.ts';

/**
 * Trains on the current TensorFlow.js backend, which the caller has chosen.
 *
 * @throws as {@link trainNetwork}
 */
export async function trainStudent(
  { spec, tokenizerTensors, ...task }: TrainingTask,
  hooks: RunHooks = {},
  options: TrainNetworkOptions = {},
): Promise<TrainedStudent> {
  const network = { kind: 'student', spec, tokenizerTensors } as const;
  const trained = await trainNetwork({ ...task, name: spec.name, network }, hooks, options);
  // TensorFlow.js comes with it.
  const { exportedParameters } = await import('./student-network.ts');
  return { ...trained, spec, parameters: exportedParameters(spec, trained.parameters) };
}
