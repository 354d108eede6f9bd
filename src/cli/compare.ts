/** `retort compare`: students and their teacher on the same texts. */
import { Command } from 'commander';
import type { Predictor } from '../runtime/index.ts';
import { InputError } from '../runtime/index.ts';
import { formatBytes, formatMs, formatShare } from '../train/index.ts';
import type { Comparison } from '../worker/index.ts';
import { positiveInteger, several } from './option-values.ts';
import { loadWorker } from './peers.ts';
import { distinctStudents, loadStudents, loadTeacher } from './predictors.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface CompareOptions {
  readonly text: readonly string[];
  readonly teacher?: string;
  readonly runs: number;
  readonly json?: true;
}

/** The command. */
export function compareCommand(terminal: Terminal): Command {
  return new Command('compare')
    .description('Answers, agreement, latency and size of students and teacher, side by side.')
    .argument('<students...>', 'student files, or folders of them')
    .requiredOption('--text <text>', 'a text; may be given several times', several)
    .option('--teacher <path>', 'a teacher.json')
    .option('--runs <n>', 'timed predictions of each model, at most 20', positiveInteger, 20)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ retort compare out/spam --teacher out/spam/teacher.json --text "you won" --text "see you at noon"',
    )
    .action((students: string[], options: CompareOptions) => runCompare(students, options, terminal));
}

async function runCompare(paths: readonly string[], options: CompareOptions, terminal: Terminal): Promise<void> {
  const { createApp } = await loadWorker();
  const loaded = await loadStudents(paths);
  const students = distinctStudents(loaded);
  const teacher = options.teacher === undefined ? null : await loadTeacher(options.teacher, loaded);
  try {
    const predictors: readonly Predictor[] = teacher === null ? students : [...students, teacher];
    // The server's own comparison, asked without a socket: one implementation, one answer.
    const response = await createApp({ predictors }).request('/v1/compare', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: options.text, runs: options.runs }),
      signal: terminal.signal,
    });
    terminal.signal.throwIfAborted();
    const body = (await response.json()) as Comparison & { error?: { message: string } };
    if (body.error !== undefined) throw new InputError(body.error.message);
    terminal.print(options.json ? JSON.stringify(body, null, 1) : describe(body, options.text));
  } finally {
    await teacher?.dispose();
  }
}

function describe({ models }: Comparison, texts: readonly string[]): string {
  const short = texts.map((text) => (text.length > 24 ? `${text.slice(0, 23)}…` : text));
  const rows = models.map(({ id, name, role, bytes, data, latency, agreement_with_teacher: agreement }) => [
    `${id} (${name === id ? role : name})`,
    ...data.map(({ labels }) => `${labels[0].label} ${formatShare(labels[0].score)}`),
    agreement === null ? '' : formatShare(agreement),
    formatBytes(bytes),
    latency === null ? '' : formatMs(latency.p50_ms),
    latency === null ? '' : formatMs(latency.p95_ms),
  ]);
  return formatTable(['', ...short, 'agreement', 'size', 'p50 ms', 'p95 ms'], rows);
}
