/** `retort label`: asks the teacher about every text, on one machine or on many, and joins what they say. */
import { relative } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { InputError } from '../runtime/index.ts';
import {
  BACKEND_NAMES,
  type FittedTeacher,
  fitTeacher,
  formatShare,
  type LabelReport,
  label,
  type MergeReport,
  mergeShards,
  readTeacher,
  resolveConfig,
  type Shard,
} from '../train/index.ts';
import { loadConfig } from './load-config.ts';
import { positiveInteger } from './option-values.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface LabelCommandOptions {
  readonly shard?: Shard;
  readonly fit?: true;
  readonly merge?: true | readonly string[];
  readonly teacher?: string;
  readonly backend?: string;
  readonly threads?: number;
  readonly json?: true;
}

/** The command. */
export function labelCommand(terminal: Terminal): Command {
  return new Command('label')
    .description('Fill the cache of teacher outputs, which distill reads; on many machines shard by shard.')
    .argument('[config]', 'config file, or a folder with retort.config.{ts,mjs,js,json}', '.')
    .option('--shard <i/n>', 'label part i of n alone, 1/n to n/n, into a folder of its own', parseShard)
    .option('--merge [folders...]', 'join shards into the cache; all below the cache folder where none is named')
    .option('--teacher <file>', 'a teacher.json of an earlier run, instead of the teacher of the config')
    .option('--fit', 'make the teacher alone: train it where it has to learn, and leave its teacher.json')
    .option('--backend <name>', `TensorFlow.js backend: ${['auto', ...BACKEND_NAMES].join(', ')}`)
    .option('--threads <n>', 'worker threads', positiveInteger)
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ retort label                      all texts of the config in this folder
  $ retort label --shard 2/4          the second of four parts; on four machines, in any order
  $ retort label --merge              join the parts that lie here
  $ retort label --merge a/1-of-2 b/2-of-2
  $ retort label my/project --merge   the config comes first
  $ retort label --fit                a teacher that is trained first: once, on one machine; then on the others
  $ retort label --shard 1/4 --teacher out/mails/teacher.json

A teacher.json names the files of its model where they are: give machines the same paths.
A run that is stopped (Ctrl-C, a lost machine) goes on when the same command runs again. Which part a text belongs to
depends on the text alone; a part asks the teacher about all of its texts, whatever the cache of its machine has, and
the joined cache has the same bytes whatever the number of parts.`,
    )
    .action((config: string, options: LabelCommandOptions) => runLabel(config, options, terminal));
}

function parseShard(text: string): Shard {
  const [, index, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (of === undefined || index < 1 || index > of) {
    throw new InvalidArgumentError('Expected i/n with i from 1 to n, e.g. 2/4.');
  }
  return { index, of };
}

async function runLabel(path: string, options: LabelCommandOptions, terminal: Terminal): Promise<void> {
  const { shard, merge, teacher, fit, backend, threads, json } = options;
  if (Number(merge !== undefined) + Number(fit === true) + Number((shard ?? teacher) !== undefined) > 1) {
    throw new InputError(
      'label: expected one of --fit, --shard (or --teacher) and --merge, got several; run one after the other',
    );
  }
  const { config, baseDir } = await loadConfig(path);
  const overrides = { ...(backend === undefined ? {} : { backend }), ...(threads === undefined ? {} : { threads }) };
  const isObject = typeof config === 'object' && config !== null && !Array.isArray(config);
  const resolved = resolveConfig(isObject ? { ...config, ...overrides } : config, baseDir);
  const show = <Report>(report: Report, describe: (report: Report, config: string) => string): void => {
    terminal.close();
    terminal.print(json ? JSON.stringify(report, null, 1) : describe(report, path));
  };
  if (fit) show(await fitTeacher(resolved, terminal.hooks), describeTeacher);
  else if (merge !== undefined) {
    const folders = merge === true ? [] : merge;
    show(await mergeShards(resolved.cacheDir, folders, terminal.hooks), describeMerge);
  } else {
    const saved = teacher === undefined ? null : await readTeacher(teacher);
    show(await label(resolved, { shard: shard ?? null, teacher: saved }, terminal.hooks), describeLabels);
  }
}

/** The command as it was called, for the next one: with its config where that is not the folder itself. */
function commandOf(config: string): string {
  return `npx retort label${config === '.' ? '' : ` ${config}`}`;
}

function describeTeacher({ name, file, record, test }: FittedTeacher, config: string): string {
  const here = relative('.', file);
  const micro = test.microF1 === undefined ? '' : `, micro F1 ${formatShare(test.microF1)}`;
  return [
    `\n${name}: accuracy ${formatShare(test.accuracy)}, F1 ${formatShare(test.f1)}${micro} on test.`,
    `\nTeacher  ${here}`,
    `Record   ${relative('.', record)}`,
    `\nLabel with it:  ${commandOf(config)} --teacher ${here}`,
  ].join('\n');
}

function describeLabels({ shard, folder, texts, models }: LabelReport, config: string): string {
  const rows = models.map(({ name, labelled, kept, textsPerSecond }) => [
    name,
    String(labelled),
    String(kept),
    textsPerSecond === null ? '' : textsPerSecond.toFixed(1),
  ]);
  const part = shard === null ? '' : `shard ${shard.index}/${shard.of}: `;
  return [
    `\n${part}${texts} texts labelled.\n`,
    formatTable(['', 'now', 'before', 'texts/s'], rows),
    `\nOutputs  ${relative('.', folder)}`,
    ...(shard === null ? [] : [`\nWhen all parts are done:  ${commandOf(config)} --merge`]),
  ].join('\n');
}

function describeMerge({ folder, shards, missing, unfinished, models }: MergeReport): string {
  const rows = models.map(({ id, outputs, added, damaged, conflicts }) => [
    id,
    ...[outputs, added, damaged, conflicts].map(String),
  ]);
  const tell = (what: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}; what they lack, distill will ask the teacher for`];
  return [
    `\n${shards.length} shards merged: ${shards.join(', ')}.`,
    ...tell('Not there', missing),
    ...tell('Not finished', unfinished),
    '',
    formatTable(['', 'outputs', 'added', 'damaged', 'conflicts'], rows),
    `\nOutputs  ${relative('.', folder)}`,
  ].join('\n');
}
