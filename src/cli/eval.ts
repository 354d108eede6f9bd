/** `retort eval`: a student on labelled rows. */
import { Command } from 'commander';
import { InputError } from '../runtime/index.ts';
import {
  evaluateStudent,
  evaluationSet,
  formatShare,
  PAIR_FIELD,
  type RowColumns,
  readPlacedRows,
} from '../train/index.ts';
import { loadStudents } from './predictors.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface EvalOptions {
  readonly textColumn: string;
  readonly pairColumn: string;
  readonly labelColumn: string;
  readonly labelSeparator?: string;
  readonly json?: true;
}

/** The command. */
export function evalCommand(terminal: Terminal): Command {
  return new Command('eval')
    .description('Accuracy, macro F1 and confusion matrix of students on labelled rows.')
    .argument('<data>', 'a .jsonl, .csv, .tsv or .parquet file, every row labelled')
    .argument('<students...>', 'student files, or folders of them')
    .option('--text-column <name>', 'column of the text', 'text')
    .option('--pair-column <name>', 'column of the second text, for students that read two', 'pair')
    .option('--label-column <name>', 'column of the label', 'label')
    .option('--label-separator <text>', 'splits a label cell into several labels; a cell of it alone means none')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ retort eval test.csv out/spam/static.safetensors')
    .action((data: string, students: string[], options: EvalOptions) => runEval(data, students, options, terminal));
}

async function runEval(
  data: string,
  paths: readonly string[],
  options: EvalOptions,
  terminal: Terminal,
): Promise<void> {
  const columns: RowColumns = {
    text: options.textColumn,
    label: options.labelColumn,
    id: null,
    labelSeparator: options.labelSeparator ?? null,
  };
  const results = [];
  for (const { path, student } of await loadStudents(paths)) {
    const { name, labels, multiLabel, spec } = student.info;
    if (spec.input?.kind === 'image') throw new InputError(`${path}: expected a student of texts, got one of images`);
    const pair = spec.input === undefined ? {} : { pair: options.pairColumn };
    const rows = await readPlacedRows(data, { ...columns, ...pair });
    if (multiLabel !== (options.labelSeparator !== undefined)) {
      const expected = multiLabel ? '--label-separator, since it gives several labels' : 'no --label-separator';
      throw new InputError(`${path}: expected ${expected}, got the opposite`);
    }
    const fields = spec.input === undefined ? {} : { pairField: PAIR_FIELD };
    const set = evaluationSet(rows, columns, { labels, multiLabel, ...fields });
    const { accuracy, f1, confusion } = await evaluateStudent(student, set, terminal.signal);
    results.push({ name, path, rows: rows.length, accuracy, f1, labels, confusion });
  }
  if (options.json) terminal.print(JSON.stringify(results, null, 1));
  else {
    const lines = results.map(({ name, accuracy, f1 }) => [name, formatShare(accuracy), formatShare(f1)]);
    terminal.print(formatTable([`${results[0].rows} rows`, 'accuracy', 'F1'], lines));
    for (const { name, labels, confusion } of results) {
      if (confusion === null) continue;
      const counts = confusion.map((row, i) => [labels[i], ...row.map(String)]);
      terminal.print(`\n${formatTable([`${name}: gold \\ predicted`, ...labels], counts)}`);
    }
  }
}
