/**
 * Where a command writes: what it found goes to stdout, everything about the work itself to stderr, so that a pipe gets
 * the answer alone.
 */
import type { RunHooks } from '../train/index.ts';
import { ProgressLine } from './progress-line.ts';

/** What a verb gets beside its options. */
export interface Terminal {
  /** A line of the answer. */
  print(line: string): void;
  /** A line about the work. */
  note(line: string): void;
  /** Hooks of a long run: progress with its ETA, notices, and Ctrl-C. */
  readonly hooks: Required<RunHooks>;
  /** Aborted by Ctrl-C or a termination signal. */
  readonly signal: AbortSignal;
  /** Ends the line that progress is drawn on. */
  close(): void;
}

/** The terminal of this process; `signal` is aborted by its first SIGINT or SIGTERM, a second one ends it at once. */
export function openTerminal(): Terminal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Interrupted());
    });
  }
  // Whoever reads this, e.g. `head`, has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const progress = new ProgressLine(process.stderr);
  const note = (line: string): void => {
    progress.clear();
    process.stderr.write(`${line}\n`);
  };
  return {
    print: (line) => process.stdout.write(`${line}\n`),
    note,
    hooks: { onProgress: (news) => progress.show(news), onNotice: note, signal: controller.signal },
    signal: controller.signal,
    close: () => progress.clear(),
  };
}

/** Thrown out of whatever was going on when the user wants to stop. */
export class Interrupted extends Error {
  constructor() {
    super('stopped');
    this.name = 'Interrupted';
  }
}
