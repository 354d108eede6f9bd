/** Splits with so few rows that a score on them is mostly chance. */
import type { Dataset } from './dataset.ts';

/** From here on, chance alone moves an accuracy of .9 by less than .06. */
const FEW_ROWS = 100;

/** Says how far chance moves an accuracy on dev or test where they are small: the 95 % interval of a binomial share. */
export function tellSmallSplits({ dev, test }: Dataset, onNotice: (line: string) => void): void {
  for (const [name, { length }] of Object.entries({ dev, test })) {
    if (length >= FEW_ROWS) continue;
    const chance = 1.96 * Math.sqrt((0.9 * 0.1) / length);
    onNotice(
      `data: ${name} has ${length === 1 ? '1 row' : `${length} rows`}: chance alone moves an accuracy of .9 there by ${chance.toFixed(2).slice(1)}; label more rows before you trust it`,
    );
  }
}
