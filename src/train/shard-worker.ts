/** Helping thread of a training: computes its share of every step. */
import { chooseBackend } from './backend.ts';
import type { LossWeights } from './losses/total-loss.ts';
import { NetworkModel } from './network-model.ts';
import { buildNetwork } from './networks.ts';
import { serveStation } from './trainer/threads.ts';
import type { NetworkTrainingTask } from './training-run.ts';

serveStation<NetworkTrainingTask, LossWeights>(async (task) => {
  await chooseBackend(task.backend);
  return new NetworkModel(await buildNetwork(task.network), task);
});
