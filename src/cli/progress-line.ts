/** Draws progress: one line that changes on a terminal, a new line from time to time in a log. */
import type { WriteStream } from 'node:tty';
import type { Progress } from '../train/index.ts';

const BAR_WIDTH = 24;
/** Share of the work from which on the time left is known well enough. */
const EARLY = 0.03;
/** Least seconds between two lines of a log. */
const LOG_SECONDS = 10;

/** A line of progress on a stream. */
export class ProgressLine {
  readonly #stream: WriteStream;
  #drawn = false;
  #stage = '';
  #lastLog = 0;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  show(progress: Progress): void {
    if (this.#stream.isTTY) this.#draw(progress);
    else this.#log(progress);
  }

  /** Makes room for other output. */
  clear(): void {
    if (!this.#drawn) return;
    this.#stream.clearLine(0);
    this.#stream.cursorTo(0);
    this.#drawn = false;
  }

  #draw(progress: Progress): void {
    const filled = Math.round((BAR_WIDTH * progress.done) / progress.total);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    this.clear();
    this.#stream.write(`${bar} ${describe(progress)}`.slice(0, this.#stream.columns - 1));
    this.#drawn = true;
  }

  #log(progress: Progress): void {
    const now = performance.now() / 1000;
    if (progress.stage === this.#stage && now - this.#lastLog < LOG_SECONDS) return;
    this.#stage = progress.stage;
    this.#lastLog = now;
    this.#stream.write(`${describe(progress)}\n`);
  }
}

function describe({ stage, done, total, etaSeconds, detail }: Progress): string {
  const percent = `${Math.floor((100 * done) / total)} %`.padStart(5);
  const eta = etaSeconds === null || done < EARLY * total ? '' : `, ${formatSeconds(etaSeconds)} left`;
  return `${stage} ${percent} (${detail}${eta})`;
}

/** A duration for people. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
