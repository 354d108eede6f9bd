/** Worker thread of labelling: a teacher's model that turns batches of texts into outputs. */
import { chooseBackend } from './backend.ts';
import { loadModel } from './teachers/load-model.ts';
import type { ModelSpec } from './teachers/teacher.ts';
import { serveTasks } from './worker-pool.ts';

serveTasks<ModelSpec, readonly string[], readonly Float32Array[]>(async (spec) => {
  await chooseBackend(spec.backend);
  const model = await loadModel(spec);
  return (texts) => model.run(texts);
});
