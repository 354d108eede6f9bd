/** `retort eval`: a student on rows of which something is known. */
import { Command } from 'commander';
import type { TaskKind } from '../format/index.ts';
import { type Evaluation, evaluateStudent, formatShare, hasCellsAlone, PAIR_FIELD } from '../train/index.ts';
import { type RowOptions, readEvaluatedRows } from './evaluated-rows.ts';
import { commonTask, loadStudents } from './predictors.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface EvalOptions extends RowOptions {
  readonly json?: true;
}

/** One score of a student: its key in JSON, its title in a table, and its value. */
type Figure = readonly [key: string, title: string, value: number];

/** The command. */
export function evalCommand(terminal: Terminal): Command {
  return new Command('eval')
    .description('Scores of students on labelled rows.')
    .argument('<data>', 'a .jsonl, .csv, .tsv or .parquet file, every row labelled')
    .argument('<students...>', 'student files, or folders of them, of one task')
    .option('--text-column <name>', 'column of the text; default: text, or tokens to tag, or image')
    .option('--pair-column <name>', 'column of the second text, for students that read two, and to embed', PAIR_FIELD)
    .option('--label-column <name>', 'column of the label; default: label, or tags to tag')
    .option(
      '--label-separator <text>',
      'splits a cell into several labels (a cell of it alone: none); lists need no separator',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ retort eval test.csv out/spam/static.safetensors
  $ retort eval test.jsonl out/tag
  $ retort eval stsb.csv out/embed

To classify: accuracy, macro F1, micro F1 of several labels, confusion. To tag, rows are words and as many labels, lists or
cells that spaces part: accuracy of the words, precision, recall and F1 of the entities. To embed, rows are two texts and
a number that says how alike they are: correlations of it with the cosine. Images are base64 of their bytes.`,
    )
    .action((data: string, students: string[], options: EvalOptions) => runEval(data, students, options, terminal));
}

async function runEval(
  data: string,
  paths: readonly string[],
  options: EvalOptions,
  terminal: Terminal,
): Promise<void> {
  const students = await loadStudents(paths);
  const task = commonTask(students);
  const results = [];
  for (const { path, student } of students) {
    const { name, labels } = student.info;
    const { rows, set } = await readEvaluatedRows(data, { path, student }, options);
    const evaluation = await evaluateStudent(student, set, terminal.signal);
    const figures = figuresOf(task, evaluation);
    results.push({ name, path, rows, figures, labels, confusion: evaluation.confusion });
  }
  const givesSeveral = students.some(({ student }) => student.info.multiLabel);
  if (givesSeveral && options.labelSeparator === undefined && hasCellsAlone(data)) {
    terminal.note(`${data}: each cell was read as one label, ${results[0].rows} in all; --label-separator splits them`);
  }
  if (options.json) {
    const json = results.map(({ name, path, rows, figures, ...rest }) => {
      const scores = Object.fromEntries(figures.map(([key, , value]) => [key, value]));
      return { name, path, task, rows, ...scores, ...rest };
    });
    terminal.print(JSON.stringify(json, null, 1));
    return;
  }
  const [{ rows }] = results;
  const titles = [...new Set(results.flatMap(({ figures }) => figures.map(([, title]) => title)))];
  const lines = results.map(({ name, figures }) => {
    const cells = new Map(figures.map(([, title, value]) => [title, formatShare(value)]));
    return [name, ...titles.map((title) => cells.get(title) ?? '')];
  });
  terminal.print(formatTable([`${rows} rows`, ...titles], lines));
  for (const { name, labels, confusion } of results) {
    if (confusion === null) continue;
    const counts = confusion.map((row, i) => [labels[i], ...row.map(String)]);
    terminal.print(`\n${formatTable([`${name}: gold \\ predicted`, ...labels], counts)}`);
  }
}

function figuresOf(task: TaskKind, { accuracy, f1, microF1, entities }: Evaluation): readonly Figure[] {
  switch (task) {
    case 'classify':
      return [
        ['accuracy', 'accuracy', accuracy],
        ['f1', 'F1', f1],
        ...(microF1 === null ? [] : [['microF1', 'micro F1', microF1] as const]),
      ];
    case 'tag':
      return [
        ['accuracy', 'word accuracy', accuracy],
        ['precision', 'precision', entities!.precision],
        ['recall', 'recall', entities!.recall],
        ['f1', 'entity F1', f1],
      ];
    case 'embed':
      return [
        ['spearman', 'Spearman', accuracy],
        ['pearson', 'Pearson', f1],
      ];
  }
}
