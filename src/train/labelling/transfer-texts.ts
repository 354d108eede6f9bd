/** Every text that a config would ask its teacher about, as a stream: files are never in memory as a whole. */
import type { Question } from '../answers.ts';
import type { ResolvedConfig, ResolvedDataFiles } from '../config/config.ts';
import type { Dataset } from '../data/dataset.ts';
import { columnsOf, nothingLabelled } from '../data/load-dataset.ts';
import { streamRows } from '../data/read-rows.ts';
import { findSources, type RowSource } from '../data/row-sources.ts';
import { loadDatasets } from '../distill/lessons.ts';
import { modelInputs } from '../distill/teach.ts';
import type { RunHooks } from '../progress.ts';
import { withRowStore } from '../storage/row-store.ts';
import { inputsOf } from '../teachers/model-inputs.ts';

/** What a model is asked, and the task that it is for. */
export interface TransferTexts extends Question {
  readonly multiLabel: boolean;
  /** All inputs of the model from the beginning; some may come several times. */
  stream(): AsyncIterable<string>;
}

/** @throws InputError with code `invalid_data` that names file and row */
export async function openTransferTexts(config: ResolvedConfig, hooks: RunHooks): Promise<TransferTexts> {
  const { data, augment } = config;
  // Augmented rows are made from all rows of a seed together.
  if (typeof data !== 'function' && augment === null) return ofFiles(data);
  return ofDatasets(await withRowStore(config.outDir, (store) => loadDatasets(config, store, hooks)));
}

/** The texts of all seeds, of datasets in memory. */
export function ofDatasets(datasets: readonly Dataset[]): TransferTexts {
  const [{ task, labels, multiLabel }] = datasets;
  return {
    task,
    labels,
    multiLabel,
    async *stream() {
      for (const dataset of datasets) {
        const { train, dev, test } = dataset;
        for (const row of [...train, ...dev, ...test]) yield* modelInputs(dataset, row);
      }
    },
  };
}

async function ofFiles(files: ResolvedDataFiles): Promise<TransferTexts> {
  const sources = await findSources(files);
  const columns = await columnsOf(sources.train, files);
  const rowsOf = ({ paths, names }: RowSource) => streamRows(paths, columns, names);
  const labels = new Set<string>();
  for await (const row of rowsOf(sources.train)) for (const label of row.labels ?? []) labels.add(label);
  if (labels.size === 0) throw await nothingLabelled(sources.train, files);
  return {
    labels: [...labels].sort(),
    task: files.task,
    multiLabel: files.labelSeparator !== null,
    async *stream() {
      for (const source of [sources.train, sources.unlabelled, sources.dev, sources.test]) {
        if (source === null) continue;
        for await (const { fields } of rowsOf(source)) {
          for (const text of Object.values(fields)) yield* inputsOf(text, files.task);
        }
      }
    },
  };
}
