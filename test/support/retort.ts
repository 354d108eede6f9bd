/** Runs the built `retort` command, and others, as a process of its own, as a user does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The command as it is built. */
export const RETORT = resolve('dist/cli/main.js');

/** How a process ended. */
export interface Outcome {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves with what stdout and stderr hold when a line matches; throws where the process ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Where and how to run. */
export interface RunOptions {
  readonly cwd?: string;
  /** The command; the one of this checkout by default. */
  readonly main?: string;
}

/** Starts `retort` with `args`. */
export function startRetort(args: readonly string[], { cwd, main = RETORT }: RunOptions = {}): Running {
  return startProcess(process.execPath, [main, ...args], cwd);
}

/** Starts a module that is handed over as text; it may import `retort-edge`. */
export function startModule(source: string): Running {
  return startProcess(process.execPath, ['--input-type=module', '-e', source]);
}

/** As {@link startModule}, with files that cannot grow beyond 512 or 1024 bytes, whatever the shell calls a block. */
export function startModuleOnFullDisk(source: string): Running {
  const limited = 'ulimit -f 1 && exec "$0" "$@"';
  return startProcess('sh', ['-c', limited, process.execPath, '--input-type=module', '-e', source]);
}

function startProcess(command: string, args: readonly string[], cwd?: string): Running {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      for (const listen of listeners) listen();
    });
  }
  const outcome = new Promise<Outcome>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...written }));
  });
  const until = (pattern: RegExp): Promise<RegExpMatchArray> =>
    new Promise((done, fail) => {
      const look = (): void => {
        const match = `${written.stdout}\n${written.stderr}`.match(pattern);
        if (match === null) return;
        listeners.delete(look);
        done(match);
      };
      listeners.add(look);
      look();
      outcome.then(({ code, stderr }) => fail(new Error(`no ${pattern} before exit code ${code}: ${stderr}`)), fail);
    });
  return { child, outcome, until };
}

/** Runs `retort` with `args` to its end. */
export function retort(args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return startRetort(args, options).outcome;
}
