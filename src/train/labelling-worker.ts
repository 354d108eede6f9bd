/** Worker thread of labelling: a teacher's model that turns batches of texts into outputs. */
import { chooseBackend } from './backend.ts';
import { kindOf } from './teachers/kinds.ts';
import type { ModelSpec } from './teachers/teacher.ts';
import { serveTasks } from './worker-pool.ts';

serveTasks<ModelSpec, readonly string[], readonly Float32Array[]>(async (spec) => {
  await chooseBackend(spec.backend);
  const model = await kindOf(spec.options).load(spec);
  return (texts) => model.run(texts);
});
