/** The rows of the table and of the JSON. */

/** One contestant at one work. */
export interface Row {
  readonly backend: string;
  readonly workers: number;
  readonly work: string;
  /** Milliseconds a step (a run of a product, a batch of labelling), median. */
  readonly stepMs: number;
  readonly gflops: number | null;
  readonly examplesPerSecond: number | null;
}

/** Prints a table, each row with how many times faster than `wasm-stock` at the same work it is. */
export function printRows(rows: readonly Row[]): void {
  const cell = (value: number | null): string => (value === null ? '-' : value.toPrecision(3)).padStart(10);
  console.log(`${'work'.padEnd(34)}${'backend'.padEnd(14)}workers    step ms    GFLOPS  examples/s  x stock`);
  for (const { work, backend, workers, stepMs, gflops, examplesPerSecond } of rows) {
    const stock = rows.find((row) => row.work === work && row.backend === 'wasm-stock');
    const times = stock === undefined ? null : stock.stepMs / stepMs;
    const numbers = [stepMs, gflops, examplesPerSecond, times].map(cell).join('');
    console.log(`${work.padEnd(34)}${backend.padEnd(14)}${String(workers).padStart(7)} ${numbers}`);
  }
}
