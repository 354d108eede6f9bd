/** The tables of bench/results/runtime.json: every measurement. */
import { digits, table, times } from './markdown.mjs';
import { PEERS, ratio, startOf, WEB } from './runtime-rows.mjs';

/** Every measurement of a student in a table: Retort's milliseconds, and how many times as long each peer takes. */
export function runtimeTables({ rows }) {
  const students = [...new Set(rows.map(({ student }) => student))];
  return students
    .map((student) => {
      const own = rows.filter((row) => row.student === student && row.contestant.startsWith('retort'));
      const peers = Object.keys(PEERS).filter((peer) => own.some((row) => ratio(rows, row, peer, 'p50Ms') !== null));
      const cell = (value, spell) => (value === null ? '' : spell(value));
      const lines = own
        .toSorted((a, b) => a.seqLen - b.seqLen || a.batch - b.batch)
        .map((row) => [
          `${row.seqLen}`,
          `${row.batch}`,
          row.host,
          row.contestant.replace('retort-', ''),
          digits(row.p50Ms, 3),
          digits(row.p95Ms, 3),
          cell(row.coldMs, (value) => digits(value, 3)),
          digits(row.gops, 3),
          ...peers.map((peer) => cell(ratio(rows, row, peer, 'p50Ms'), times)),
          ...(peers.includes(WEB) ? [cell(ratio(rows, row, WEB, 'coldMs'), times)] : []),
        ]);
      const header = ['tokens', 'texts', 'host', 'module', 'p50 ms', 'p95 ms', 'cold ms', 'GOPS'];
      const ratios = [...peers, ...(peers.includes(WEB) ? [`${WEB} cold`] : [])];
      return `\`${student}\`:\n\n${table([...header, ...ratios], lines)}`;
    })
    .join('\n\n');
}

/** What a page ships, loads and keeps, by contestant, on the student of 1 MB. */
export function runtimeCosts({ rows, starts }) {
  const cell = (value, spell) => (value == null ? '' : spell(value));
  const first = rows.filter(({ student, seqLen, batch }) => student === 'static' && seqLen === 16 && batch === 1);
  const lines = first.map((row) => {
    const start = startOf(starts, row);
    return [
      `\`${row.contestant}\``,
      row.host,
      cell(row.gzipBytes, (bytes) => `${digits(bytes / 1024, 3)} KB`),
      `${digits(row.loadMs, 3)} ms`,
      cell(start?.firstLoadMs, (ms) => `${digits(ms, 3)} ms`),
      cell(row.rssMb, (mb) => `${digits(mb, 3)} MB`),
    ];
  });
  return table(['', 'host', 'script and wasm, gzip', 'load', 'first load of a process', 'memory'], lines);
}
