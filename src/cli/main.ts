#!/usr/bin/env node
/**
 * The `retort` command. Exit codes: 0 done, 1 something broke, 2 wrong usage or bad input, 130 stopped by the user.
 */
import { Command, CommanderError } from 'commander';
import { InputError, RetortError, StudentFormatError, UnsupportedError } from '../runtime/index.ts';
import { benchCommand } from './bench.ts';
import { compareCommand } from './compare.ts';
import { dataCommand } from './data.ts';
import { deployCommand } from './deploy.ts';
import { distillCommand } from './distill.ts';
import { evalCommand } from './eval.ts';
import { exportCommand } from './export.ts';
import { helpCommand } from './help.ts';
import { inspectCommand } from './inspect.ts';
import { labelCommand } from './label.ts';
import { reportCommand } from './report.ts';
import { serveCommand } from './serve.ts';
import { Interrupted, openTerminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** Verbs that go on from what they had done; others leave nothing behind. */
const RESUMED_VERBS: readonly string[] = ['distill', 'label'];

const terminal = openTerminal();
const program = new Command('retort')
  .description('Distills a large text classifier into a student of a few hundred kilobytes, and runs it anywhere.')
  .version(VERSION)
  .addCommand(dataCommand(terminal))
  .addCommand(distillCommand(terminal))
  .addCommand(labelCommand(terminal))
  .addCommand(reportCommand(terminal))
  .addCommand(evalCommand(terminal))
  .addCommand(benchCommand(terminal))
  .addCommand(compareCommand(terminal))
  .addCommand(inspectCommand(terminal))
  .addCommand(exportCommand(terminal))
  .addCommand(serveCommand(terminal))
  .addCommand(deployCommand(terminal))
  .helpCommand(false)
  .addHelpText('after', '\nStart with: retort distill --help');
program.addCommand(helpCommand(program));
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  terminal.close();
  process.exitCode = exitCode(error);
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong already.
    if (error.code === 'commander.unknownCommand') {
      terminal.note(`Commands: ${program.commands.map((command) => command.name()).join(', ')}`);
    }
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof Interrupted) {
    const isResumed = RESUMED_VERBS.includes(process.argv[2]);
    const kept = isResumed ? '; what is done is kept, the same command goes on from there' : '';
    terminal.note(`retort: ${error.message}${kept}`);
    return 130;
  }
  if (!(error instanceof RetortError)) {
    terminal.note(`retort: ${(error as Error)?.stack ?? String(error)}`);
    return 1;
  }
  terminal.note(`retort: ${error.message}`);
  const isInput = error instanceof InputError || error instanceof StudentFormatError || error.code === 'missing_peer';
  return isInput || error instanceof UnsupportedError ? 2 : 1;
}
