/** The table of bench/results/profile.json: the parts of a call, and what the engine could do at best. */
import { digits, table } from './markdown.mjs';

const percent = (share) => `${Math.round(100 * share)} %`;

/** Largest parts that are named. */
const NAMED = 4;

/** The part of a call that its arithmetic would take at the rates of its instructions alone. */
export function bareShare({ p50Ms, work, ceiling }) {
  const least = Object.entries(work).reduce((sum, [part, count]) => sum + count / ceiling[part], 0);
  return least / 1e6 / p50Ms;
}

/** A line for each student, host and module, hot and cold. */
export function profileTable({ rows }) {
  const lines = rows.map((row) => {
    const { student, host, contestant, isCold, p50Ms, shares, gops, ceiling } = row;
    return [
      `\`${student}\``,
      host,
      `${contestant.replace('retort-', '')}${isCold ? ', cold' : ''}`,
      digits(p50Ms, 3),
      shares
        .slice(0, NAMED)
        .map(({ primitive, share }) => `${primitive} ${percent(share)}`)
        .join(', '),
      `${digits(gops.matmulInt8, 2)} of ${digits(ceiling.products, 2)}`,
      gops.attention === null ? '' : digits(gops.attention, 2),
      isCold ? '' : percent(bareShare(row)),
    ];
  });
  const header = ['student', 'host', 'module', 'p50 ms', 'time in', 'int8 GOPS', 'attention GOPS', 'bare arithmetic'];
  return table(header, lines);
}
