/** `retort data`: what is in the data, before anybody trains on it. */
import { access } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../runtime/index.ts';
import {
  type DataReport,
  isFolder,
  type ResolvedConfig,
  reportConfigData,
  reportFileData,
  resolveConfig,
} from '../train/index.ts';
import { describeDataReports } from './data-report-text.ts';
import { CONFIG_NAMES, loadConfig } from './load-config.ts';
import { positiveInteger } from './option-values.ts';
import type { Terminal } from './terminal.ts';

interface DataOptions {
  readonly textColumn: string;
  readonly labelColumn: string;
  readonly labelSeparator?: string;
  readonly maxCharacters?: number;
  readonly json?: true;
}

/** The command. */
export function dataCommand(terminal: Terminal): Command {
  return new Command('data')
    .description(
      'Rows, labels, duplicates, contradictions, lengths, and leaks between splits, before anything is trained.',
    )
    .argument('[paths...]', 'a config, or files and folders of rows (.jsonl, .csv, .tsv, .parquet)', ['.'])
    .option('--text-column <name>', 'column of the text, where no config says it', 'text')
    .option('--label-column <name>', 'column of the label', 'label')
    .option('--label-separator <text>', 'splits a cell into several labels; lists need no separator')
    .option('--max-characters <n>', 'count the rows that a reader of so many characters cuts off', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ retort data                                the files of the config of this folder
  $ retort data train.csv dev.csv test.csv     files; dev and test are held out by their names
  $ retort data my-dataset --json              a Hugging Face dataset folder, for machines`,
    )
    .action((paths: string[], options: DataOptions) => runData(paths, options, terminal));
}

async function runData(paths: readonly string[], options: DataOptions, terminal: Terminal): Promise<void> {
  const reports = (await isConfig(paths))
    ? await ofConfig(paths[0], terminal)
    : await ofFiles(paths, options, terminal);
  terminal.close();
  if (options.json) terminal.print(JSON.stringify(reports, null, 1));
  else terminal.print(describeDataReports(reports));
}

async function isConfig(paths: readonly string[]): Promise<boolean> {
  if (paths.length !== 1) return false;
  if (['.ts', '.mjs', '.js', '.json'].includes(extname(paths[0]))) return true;
  const found = await Promise.all(CONFIG_NAMES.map((name) => exists(join(paths[0], name))));
  // A folder that is neither a config's nor has rows is most often one where a config was forgotten: `.` is such a folder.
  return found.includes(true) || paths[0] === '.';
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function ofConfig(path: string, { hooks }: Terminal): Promise<Readonly<Record<string, DataReport>>> {
  const { config, baseDir } = await loadConfig(path);
  const resolved: ResolvedConfig = resolveConfig(config, baseDir);
  const { files, splits } = await reportConfigData(resolved, hooks);
  return { ...(files === null ? {} : { files }), splits };
}

async function ofFiles(
  paths: readonly string[],
  { textColumn, labelColumn, labelSeparator, maxCharacters }: DataOptions,
  { hooks }: Terminal,
): Promise<Readonly<Record<string, DataReport>>> {
  await checkNames(paths);
  const separator = labelSeparator ?? null;
  const columns = { text: textColumn, label: labelColumn, id: null, labelSeparator: separator, multiLabel: true };
  const limits = maxCharacters === undefined ? [] : [{ reader: 'limit', maxCharacters }];
  return { files: await reportFileData(paths, columns, limits, hooks) };
}

/** One folder with splits of its own, or files: of several folders it would not be clear which splits belong together. */
async function checkNames(paths: readonly string[]): Promise<void> {
  if (paths.length === 1) return;
  for (const path of paths) {
    if (await isFolder(path)) throw new InputError(`${path}: expected one folder, or files, got both; name the files`);
  }
  const names = paths.map((path) => basename(path));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`${twice}: expected files of different names, got two of this one`);
}
