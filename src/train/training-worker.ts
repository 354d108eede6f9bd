/** Worker thread of training: one task, one trained student. */
import { chooseBackend } from './backend.ts';
import type { Progress } from './progress.ts';
import { trainStudent } from './train-student.ts';
import type { TrainedStudent, TrainingTask } from './training-run.ts';
import { serveTasks } from './worker-pool.ts';

serveTasks<null, TrainingTask, TrainedStudent, Progress>(async () => async (task, tell) => {
  await chooseBackend(task.backend);
  return trainStudent(task, { onProgress: tell });
});
