/** Encoders that are fine-tuned. */
import { table } from '../markdown.mjs';
import { share } from './figures.mjs';

export function fineTuningTable(fineTuning) {
  const rows = fineTuning.map(({ dataset, fineTune, seed, devAccuracy, accuracy, f1, seconds, peakMemoryBytes }) => [
    `${dataset.name.replace('fine-tune-', '')}, ${dataset.labels} labels`,
    dataset.train,
    fineTune.epochs,
    fineTune.learningRate,
    seed,
    share(devAccuracy),
    share(accuracy),
    share(f1),
    `${(seconds.training / 60).toFixed(1)} min`,
    ((dataset.train + dataset.dev + dataset.test) / seconds.labelling).toFixed(0),
    `${(peakMemoryBytes / 1e9).toFixed(1)} GB`,
  ]);
  const header = ['data', 'rows', 'epochs', 'rate', 'seed', 'dev', 'test', 'macro F1', 'training', 'texts/s', 'memory'];
  return table(header, rows);
}
