/** Spells figures and tables in Markdown. */

/** A number with `count` significant digits. */
export const digits = (value, count) =>
  Number(value.toPrecision(count)).toLocaleString('en', { maximumFractionDigits: 12 });

/** How many times one figure is the other. */
export const times = (value) => `${digits(value, 2)}x`;

/** A table; every column but the first stands on the right. */
export const table = (header, rows) =>
  [header, header.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
