/** `retort report`: draws the report of a run again, from its record alone. */
import { dirname, join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../format/index.ts';
import {
  invalidRecord,
  type RunRecord,
  readRecord,
  renderReport,
  writeFileAtomic,
  writeTensorBoard,
} from '../train/index.ts';
import type { Terminal } from './terminal.ts';

interface ReportOptions {
  readonly out?: string;
  readonly tensorboard?: string;
}

/** The command. */
export function reportCommand(terminal: Terminal): Command {
  return new Command('report')
    .description('Draw report.html again from the record.json that distill left.')
    .argument('<record>', 'a record.json')
    .option('--out <file>', 'where to; report.html beside the record by default')
    .option('--tensorboard <folder>', 'leave the epochs as event files of TensorBoard as well')
    .addHelpText(
      'after',
      `
Examples:
  $ retort report out/spam/record.json
  $ retort report out/spam/record.json --tensorboard logs && tensorboard --logdir logs`,
    )
    .action((record: string, options: ReportOptions) => runReport(record, options, terminal));
}

async function runReport(path: string, { out, tensorboard }: ReportOptions, terminal: Terminal): Promise<void> {
  const record = await readRecord(path);
  const file = out ?? join(dirname(path), 'report.html');
  if (!/\.html?$/i.test(file)) {
    throw new InputError(`--out: expected a file that ends in .html, got ${file}; what stands there would be lost`);
  }
  await writeFileAtomic(file, draw(path, record));
  terminal.print(`Report       ${relative('.', file)}`);
  if (tensorboard === undefined) return;
  const folders = await writeTensorBoard(resolve(tensorboard), record);
  terminal.print(`TensorBoard  ${folders.map((folder) => relative('.', folder)).join(', ')}`);
}

/** What no run has written, a record whose fields were changed by hand, fails somewhere on the way. */
function draw(path: string, record: RunRecord): string {
  try {
    return renderReport(record);
  } catch (cause) {
    throw invalidRecord(path, `one whose fields are not those of a run (${(cause as Error).message})`, cause);
  }
}
