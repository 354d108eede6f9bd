/** Numbers as people read them. */

const KILOBYTE = 1000;

/** Decimal units: 1 KB is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < KILOBYTE) return `${bytes} B`;
  if (bytes < KILOBYTE ** 2) return `${(bytes / KILOBYTE).toFixed(1)} KB`;
  return `${(bytes / KILOBYTE ** 2).toFixed(1)} MB`;
}

/** Three significant digits, in ms. */
export function formatMs(ms: number): string {
  return ms < 100 ? ms.toPrecision(3) : ms.toFixed(0);
}

/** An accuracy or another share, three digits: `.937`. */
export function formatShare(share: number): string {
  return share >= 1 ? share.toFixed(3) : share.toFixed(3).replace(/^0/, '');
}

/** How many times: `106x`. */
export function formatTimes(times: number): string {
  return `${times < 10 ? times.toFixed(1) : times.toFixed(0)}x`;
}

/** Columns of a table, the first flush left, the others flush right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  return [format(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(format)].join('\n');
}
