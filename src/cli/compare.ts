/** `retort compare`: students and their teacher on the same inputs. */
import { Command } from 'commander';
import type { TaskKind } from '../format/index.ts';
import type { Predictor, PredictorInput, TaggedWord } from '../runtime/index.ts';
import { InputError } from '../runtime/index.ts';
import { entitiesOf, formatBytes, formatMs, formatShare, timedStudent } from '../train/index.ts';
import type { Comparison } from '../worker/index.ts';
import { type ComparedInput, commonInput, comparedInputs, type InputOptions, shortText } from './compared-inputs.ts';
import { positiveInteger, several } from './option-values.ts';
import { loadWorker } from './peers.ts';
import { commonTask, distinctStudents, type LoadedStudent, loadStudents, loadTeacher } from './predictors.ts';
import { type ComparedAnswer, compareSideBySide, type SideBySide } from './side-by-side.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface CompareOptions extends InputOptions {
  readonly teacher?: string;
  readonly runs: number;
  readonly json?: true;
}

/** The command. */
export function compareCommand(terminal: Terminal): Command {
  return new Command('compare')
    .description('Answers, agreement, latency and size of students and teacher, side by side.')
    .argument('<students...>', 'student files, or folders of them, of one task')
    .option('--text <text>', 'a text; may be given several times', several)
    .option('--pair <text>', 'the second text of a pair, one for each --text', several)
    .option('--image <file>', 'a file of the bytes of an image; may be given several times', several)
    .option('--teacher <path>', 'a teacher.json')
    .option('--runs <n>', 'timed answers of each model; at most 20 where texts are classified', positiveInteger, 20)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ retort compare out/spam --teacher out/spam/teacher.json --text "you won" --text "see you at noon"
  $ retort compare out/tag --text "play some jazz"
  $ retort compare out/embed --text "a man sings" --text "someone is singing"
  $ retort compare out/pairs --text "a man is playing a guitar" --pair "a man plays the guitar"

Of students that tag, a column shows the entities of a text; of those that embed, the cosine of two texts.`,
    )
    .action((students: string[], options: CompareOptions) => runCompare(students, options, terminal));
}

async function runCompare(paths: readonly string[], options: CompareOptions, terminal: Terminal): Promise<void> {
  const loaded = await loadStudents(paths);
  const task = commonTask(loaded);
  const kind = commonInput(loaded);
  const inputs = await comparedInputs(loaded, kind, options);
  if (task === 'embed' && inputs.length < 2) {
    throw new InputError('compare: expected two inputs and more for students that embed, got one; add another');
  }
  const students = distinctStudents(loaded);
  const teacher = options.teacher === undefined ? null : await loadTeacher(options.teacher, loaded);
  try {
    const predictors: readonly Predictor[] = teacher === null ? students : [...students, teacher];
    const comparison =
      task === 'classify' && kind === 'text'
        ? await askServer(predictors, inputs, options, terminal)
        : await askHere(task, loaded, predictors, inputs, options, terminal);
    terminal.print(options.json ? JSON.stringify(comparison, null, 1) : describe(task, comparison, inputs));
  } finally {
    await teacher?.dispose();
  }
}

/** The server's own comparison, asked without a socket: one implementation, one answer. */
async function askServer(
  predictors: readonly Predictor[],
  inputs: readonly ComparedInput[],
  { runs }: CompareOptions,
  terminal: Terminal,
): Promise<Comparison> {
  const { createApp } = await loadWorker();
  const response = await createApp({ predictors }).request('/v1/compare', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: inputs.map(({ input }) => input), runs }),
    signal: terminal.signal,
  });
  terminal.signal.throwIfAborted();
  const body = (await response.json()) as Comparison & { error?: { message: string } };
  if (body.error !== undefined) throw new InputError(body.error.message);
  return body;
}

/** What the server does not serve. */
function askHere(
  task: TaskKind,
  loaded: readonly LoadedStudent[],
  predictors: readonly Predictor[],
  inputs: readonly ComparedInput[],
  { runs }: CompareOptions,
  terminal: Terminal,
): Promise<SideBySide> {
  const models = predictors.map((predictor, i) => ({
    id: i < loaded.length ? predictor.info.name : 'teacher',
    info: predictor.info,
    timed: i < loaded.length ? timedStudent(loaded[i].student) : predictor,
  }));
  const given: readonly PredictorInput[] = inputs.map(({ input }) => input);
  return compareSideBySide(task, models, given, runs, terminal.signal);
}

function describe(task: TaskKind, { models }: Comparison | SideBySide, inputs: readonly ComparedInput[]): string {
  const columns = columnsOf(task, inputs);
  const rows = models.map(({ id, name, role, bytes, data, latency, agreement_with_teacher: agreement }) => [
    `${id} (${name === id ? role : name})`,
    ...columns.map(({ cell }) => cell(data)),
    agreement === null ? '' : formatShare(agreement),
    formatBytes(bytes),
    latency === null ? '' : formatMs(latency.p50_ms),
    latency === null ? '' : formatMs(latency.p95_ms),
  ]);
  const titles = columns.map(({ title }) => title);
  return formatTable(['', ...titles, 'agreement', 'size', 'p50 ms', 'p95 ms'], rows);
}

/** A column of answers. */
interface AnswerColumn {
  readonly title: string;
  cell(answers: readonly ComparedAnswer[]): string;
}

/** One column an input; to embed, one for every two. */
function columnsOf(task: TaskKind, inputs: readonly ComparedInput[]): readonly AnswerColumn[] {
  if (task !== 'embed') {
    return inputs.map(({ title, input }, i) => ({ title, cell: (answers) => cellOf(answers[i], input) }));
  }
  return inputs.flatMap((a, i) =>
    inputs.slice(i + 1).map((b, behind) => ({
      title: `${a.title} ~ ${b.title}`,
      cell: (answers: readonly ComparedAnswer[]) => {
        const { similarities } = answers[i] as Extract<ComparedAnswer, { readonly similarities: unknown }>;
        return similarities[i + 1 + behind].toFixed(3);
      },
    })),
  );
}

function cellOf(answer: ComparedAnswer, input: PredictorInput): string {
  if ('words' in answer) return entitiesIn(answer.words, input as string);
  const [{ label, score }] = (answer as Extract<ComparedAnswer, { readonly labels: unknown }>).labels;
  return `${label} ${formatShare(score)}`;
}

function entitiesIn(words: readonly TaggedWord[], text: string): string {
  const found = entitiesOf(words.map(({ label }) => label)).map((entity) => {
    const [, start, end, type] = entity.match(/^(\d+):(\d+):(.*)$/s)!;
    return `${shortText(text.slice(words[Number(start)].start, words[Number(end) - 1].end))} (${type})`;
  });
  return found.length === 0 ? 'none' : found.join(', ');
}
