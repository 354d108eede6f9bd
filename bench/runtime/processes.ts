/**
 * The processes that a benchmark starts, none of which outlives it. Workerd is not among them: a hook of wrangler's kills it
 * where this process exits, by a signal too, so that only what kills this process outright leaves it behind.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';

/** How often a benchmark looks whether whoever started it is still there. */
const PARENT_MS = 1000;

/** Has Linux kill a process whose parent ends, which may be killed and then cannot do it itself. */
export const TIED: readonly string[] = existsSync('/usr/bin/setpriv')
  ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL']
  : [];

const running = new Set<ChildProcess>();
let isWatched = false;

/** Has a process end with this one, which from now on ends where its own parent does. */
export function endWithThis(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
  if (isWatched) return;
  isWatched = true;
  process.once('exit', () => {
    // One that sleeps hears no other signal.
    for (const one of running) one.kill('SIGKILL');
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Wrangler, which may be here by then, says with its own that all went well.
    process.prependOnceListener(signal, () => process.exit(128 + constants.signals[signal]));
  }
  const { ppid } = process;
  setInterval(() => {
    if (process.ppid === ppid) return;
    process.stderr.write(
      'benchmark: expected what started it to stay, got its end; start it from a shell that stays\n',
    );
    process.exit(1);
  }, PARENT_MS).unref();
}
