/** `retort serve`: an HTTP endpoint and a page for students, and for their teacher. */
import { Command, InvalidArgumentError } from 'commander';
import type { Predictor } from '../runtime/index.ts';
import { type ServeOptions as ServerOptions, serve } from '../worker/node.ts';
import { several } from './option-values.ts';
import { distinctStudents, type LoadedStudent, loadClassifiers, loadTeacher } from './predictors.ts';
import type { Terminal } from './terminal.ts';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly teacher?: string;
  readonly cors?: readonly string[];
  readonly page: boolean;
}

/** The command. */
export function serveCommand(terminal: Terminal): Command {
  return new Command('serve')
    .description('Serve students over HTTP, with a page at / and an API description at /openapi.json.')
    .argument('<students...>', 'student files, or folders of them')
    .option('--port <n>', 'port, 0 for any free one', portNumber, 8787)
    .option('--host <address>', 'address to listen on; 0.0.0.0 for every network', '127.0.0.1')
    .option('--teacher <path>', 'a teacher.json, served as `teacher` beside its students from a thread of its own')
    .option('--cors <origin>', "an origin whose pages may call, or '*'; may be given several times", several)
    .option('--no-page', 'the API alone')
    .addHelpText(
      'after',
      `
Examples:
  $ retort serve out/spam
  $ retort serve out/spam --teacher out/spam/teacher.json --port 3000
  $ curl localhost:8787/v1/models/static/predict -H 'content-type: application/json' -d '{"input": "you won"}'`,
    )
    .action((students: string[], options: ServeOptions) => runServe(students, options, terminal));
}

function portNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('Expected a port, 0 to 65535.');
  }
  return value;
}

async function runServe(paths: readonly string[], options: ServeOptions, terminal: Terminal): Promise<void> {
  const loaded = await loadClassifiers(paths);
  const students = distinctStudents(loaded);
  const teacher = options.teacher === undefined ? null : await loadTeacher(options.teacher, loaded);
  const predictors: readonly Predictor[] = teacher === null ? students : [...students, teacher];
  try {
    if (teacher !== null) {
      terminal.note('Loading the teacher.');
      await teacher.predict([''], { signal: terminal.signal });
    }
    const server = await serve(serverOptions(loaded, predictors, options, terminal));
    terminal.print(`${server.url} serves ${server.models.join(', ')}`);
    terminal.note('Ctrl-C ends it.');
    await ended(terminal.signal);
    await server.close();
  } finally {
    // Its thread would keep the process alive.
    await teacher?.dispose();
  }
}

function serverOptions(
  loaded: readonly LoadedStudent[],
  predictors: readonly Predictor[],
  { port, host, page, cors }: ServeOptions,
  terminal: Terminal,
): ServerOptions {
  return {
    predictors,
    // Students come first among the predictors, in their order.
    studentFiles: new Map(loaded.map(({ bytes }, i) => [predictors[i].info.name, bytes])),
    port,
    host,
    page,
    ...(cors === undefined ? {} : { corsOrigins: cors.includes('*') ? ('*' as const) : cors }),
    onError: (error, id) => terminal.note(`request ${id}: ${(error as Error).stack ?? String(error)}`),
  };
}

/** Ctrl-C is how a server is meant to end: it closes and exits 0. */
function ended(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', resolve, { once: true });
  });
}
