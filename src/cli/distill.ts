/** `retort distill`: from a config to students, metrics and a report. */
import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import {
  answersAnyText,
  BACKEND_NAMES,
  type DistillationResult,
  distill,
  type ResolvedConfig,
  resolveConfig,
  resultTable,
  writeTensorBoard,
} from '../train/index.ts';
import { loadConfig } from './load-config.ts';
import { positiveInteger } from './option-values.ts';
import { classifiesText, loadStudents } from './predictors.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface DistillOptions {
  readonly seeds?: number;
  readonly out?: string;
  readonly backend?: string;
  readonly threads?: number;
  readonly baselines: boolean;
  readonly tensorboard?: string;
  readonly json?: true;
}

/** The command. */
export function distillCommand(terminal: Terminal): Command {
  return new Command('distill')
    .description('Train students from a teacher: student files, metrics.json and report.html.')
    .argument('[config]', 'config file, or a folder with retort.config.{ts,mjs,js,json}', '.')
    .option('--seeds <n>', 'train with seeds 0 to n-1 and report means', positiveInteger)
    .option('--out <folder>', 'output folder, instead of that of the config')
    .option('--backend <name>', `TensorFlow.js backend: ${['auto', ...BACKEND_NAMES].join(', ')}`)
    .option('--threads <n>', 'worker threads', positiveInteger)
    .option('--no-baselines', 'train the distilled students only')
    .option('--tensorboard <folder>', 'leave the epochs as event files of TensorBoard as well')
    .option('--json', 'print the metrics as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ retort distill                             the config of this folder
  $ retort distill spam.config.ts --seeds 3    means of three seeds
  $ retort distill --json > metrics.json       for machines

A run that is stopped (Ctrl-C, a lost machine) goes on when the same command runs again.`,
    )
    .action((config: string, options: DistillOptions) => runDistill(config, options, terminal));
}

async function runDistill(path: string, options: DistillOptions, terminal: Terminal): Promise<void> {
  const { config, baseDir } = await loadConfig(path);
  const { seeds, out, backend, threads, baselines } = options;
  const overrides = {
    ...(seeds === undefined ? {} : { seeds: Array.from({ length: seeds }, (_, seed) => seed) }),
    ...(out === undefined ? {} : { outDir: relative(baseDir, out) || '.' }),
    ...(backend === undefined ? {} : { backend }),
    ...(threads === undefined ? {} : { threads }),
    ...(baselines ? {} : { baselines }),
  };
  const isObject = typeof config === 'object' && config !== null && !Array.isArray(config);
  const resolved = resolveConfig(isObject ? { ...config, ...overrides } : config, baseDir);
  const result = await distill(resolved, terminal.hooks);
  if (options.tensorboard !== undefined) await writeTensorBoard(resolve(options.tensorboard), result.record);
  terminal.close();
  if (options.json) terminal.print(JSON.stringify(result.metrics, null, 1));
  else terminal.print(await describe(result, resolved));
}

async function describe({ metrics, files }: DistillationResult, config: ResolvedConfig): Promise<string> {
  const { dataset, seeds, teacher } = metrics;
  const { header, rows } = resultTable(metrics);
  const [{ student }] = await loadStudents(files.students.slice(0, 1));
  const answers = config.teacher.every(({ options }) => answersAnyText(options));
  const here = (path: string): string => relative('.', path);
  const seedText =
    seeds.length === 1 ? `One seed (${seeds[0]}); accuracies move with it` : `Means of ${seeds.length} seeds`;
  return [
    `\n${dataset.name}: ${dataset.labelled} of ${dataset.train} training rows labelled, ${dataset.augmented === 0 ? '' : `${dataset.augmented} made from them, `}${dataset.dev} dev, ${dataset.test} test. ${seedText}.\nTeacher: ${teacher.name}.\n`,
    formatTable(header, rows),
    `\nStudents  ${files.students.map(here).join(', ')}`,
    `Teacher   ${here(files.teacher)}`,
    `Metrics   ${here(files.metrics)}`,
    `Record    ${here(files.record)}`,
    `Report    ${here(files.report)}`,
    classifiesText(student)
      ? `\nServe them:  npx retort serve ${files.students.map(here).join(' ')}${answers ? ` --teacher ${here(files.teacher)}` : ''}`
      : `\nLook at one:  npx retort inspect ${here(files.students[0])}`,
  ].join('\n');
}
