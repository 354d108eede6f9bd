/** Helping thread of a training: computes its share of every step. */
import { chooseBackend } from './backend.ts';
import { type NetworkInput, NetworkModel, type NetworkModelTask } from './network-model.ts';
import { buildNetwork } from './networks.ts';
import { serveStation } from './trainer/threads.ts';

serveStation<NetworkModelTask, NetworkInput>(async (task) => {
  await chooseBackend(task.backend);
  return new NetworkModel(await buildNetwork(task.network), task);
});
