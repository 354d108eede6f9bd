/** Tells on stderr how far a long script has come, and how long the rest will probably take. */
import { formatSeconds } from '../src/cli/progress-line.ts';

/** Counts work in units of about the same time. */
export class TimeLeft {
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;

  /** @param total units of all the work */
  constructor(total: number) {
    this.#total = total;
  }

  /** Some units are done; writes a line. */
  advance(units: number, what: string): void {
    this.#done += units;
    const seconds = (performance.now() - this.#started) / 1000;
    const left = (seconds * (this.#total - this.#done)) / this.#done;
    const percent = `${Math.floor((100 * this.#done) / this.#total)} %`.padStart(5);
    process.stderr.write(`${percent}, ${formatSeconds(left)} left: ${what}\n`);
  }
}
