/**
 * The models that label: those of the config, of which some are trained first, or those of a teacher that an earlier run
 * left. A shard takes no part in training: a teacher that has to learn first is trained once, on one machine.
 */
import { InputError } from '../../format/index.ts';
import type { BackendName } from '../backend.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { labelledRows } from '../data/dataset.ts';
import { loadDatasets } from '../distill/lessons.ts';
import { prepare } from '../distill/teach.ts';
import type { RunHooks } from '../progress.ts';
import { withRowStore } from '../storage/row-store.ts';
import { identifyModel, kindOf } from '../teachers/kinds.ts';
import type { SavedTeacher } from '../teachers/saved-teacher.ts';
import type { ModelSpec } from '../teachers/teacher.ts';
import { type Shard, shardName } from './shard.ts';
import type { TransferTexts } from './transfer-texts.ts';

/** Who may label. */
export interface Candidates {
  readonly config: ResolvedConfig;
  readonly backend: BackendName;
  readonly source: TransferTexts;
  readonly shard: Shard | null;
  readonly teacher: SavedTeacher | null;
}

/** @throws InputError where the teacher is not for this task, not the one that it was, or not trained yet */
export async function modelsOf(candidates: Candidates, hooks: RunHooks): Promise<readonly ModelSpec[]> {
  const { config, backend, source, shard, teacher } = candidates;
  if (teacher !== null) return savedModels(teacher, source);
  const learns = config.teacher.some(({ options }) => kindOf(options).needsFit?.(options) === true);
  if (!learns) {
    const { task, labels, multiLabel } = source;
    return config.teacher.map(({ options }) => ({ options, backend, task, labels, multiLabel }));
  }
  if (shard !== null) {
    const message = `shard ${shardName(shard)}: expected a teacher that is ready, got one that is trained first; run retort label --fit once, give this machine its files under the same paths, and name its teacher.json with --teacher`;
    throw new InputError(message, { code: 'teacher_not_ready' });
  }
  const models: ModelSpec[] = [];
  const datasets = await withRowStore(config.outDir, async (store) =>
    (await loadDatasets(config, store, hooks)).map(labelledRows),
  );
  for (const [i, dataset] of datasets.entries()) {
    for (const member of config.teacher) {
      models.push((await prepare(member, dataset, config.seeds[i], config, backend, hooks)).model);
    }
  }
  return models;
}

async function savedModels(
  { name, task, labels, multiLabel, members }: SavedTeacher,
  source: TransferTexts,
): Promise<readonly ModelSpec[]> {
  const [got, due] = [task ?? 'classify', source.task ?? 'classify'];
  if (got !== due) {
    const message = `teacher ${name}: expected one for the task ${due}, as the data, got one for ${got}`;
    throw new InputError(message, { code: 'invalid_teacher' });
  }
  if (multiLabel !== source.multiLabel || JSON.stringify(labels) !== JSON.stringify(source.labels)) {
    const message = `teacher ${name}: expected the labels of the data, ${source.labels.join(', ')}, got ${labels.join(', ')}`;
    throw new InputError(message, { code: 'invalid_teacher' });
  }
  for (const { model, modelId } of members) {
    const { id } = await identifyModel(model);
    if (id !== modelId) {
      const message = `teacher ${name}: expected model ${modelId}, got ${id}; take the files that it was made with`;
      throw new InputError(message, { code: 'invalid_teacher' });
    }
  }
  return members.map(({ model }) => model);
}
