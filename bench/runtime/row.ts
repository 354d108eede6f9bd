/** The rows of bench/results/runtime.json and of the table. */
import { STUDENTS } from './case.ts';
import type { ContestantName, RetortName } from './contestants/names.ts';
import type { HostName } from './host.ts';

/** One measurement: a contestant on a host at a case. What a host or contestant cannot tell is null. */
export interface Row {
  readonly host: HostName;
  readonly contestant: ContestantName;
  readonly student: string;
  readonly seqLen: number;
  readonly batch: number;
  /** Milliseconds of a call, median; here and below but for `p95Ms`, of the quieter half of the rotations. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Median where the engine has its baseline compiler alone (`--liftoff-only`), as a page has at first; of one text. */
  readonly coldMs: number | null;
  /** From the bytes of the student to its first answer, once the engine has compiled everything. */
  readonly loadMs: number;
  /** Billions of operations of products, convolutions and attention a second. */
  readonly gops: number;
  /** What a page would fetch to run students: scripts and WebAssembly, gzip -9. */
  readonly gzipBytes: number | null;
  /** Resident memory after the first answer, less that before the contestant was loaded. */
  readonly rssMb: number | null;
}

/** The first load of a process. */
export interface Start {
  readonly host: HostName;
  readonly contestant: ContestantName;
  readonly student: string;
  /** From bytes to a first answer where the script is loaded and nothing else is, compilation included. */
  readonly firstLoadMs: number;
}

/** What a student of one text could not take less than on a host with the instructions of a module: a floor. */
export interface Floor {
  readonly host: HostName;
  readonly module: RetortName;
  readonly student: string;
  readonly seqLen: number;
  /** Of its arithmetic alone, in loops of registers, taken in turns with the contestants. */
  readonly p50Ms: number;
  /** Of a new memory of WebAssembly and one copy of the bytes of the student. */
  readonly loadMs: number;
}

/** What bench/results/runtime.json holds. */
export interface Results {
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly rows: readonly Row[];
  readonly starts: readonly Start[];
  readonly floors: readonly Floor[];
}

/** Letters of the longest name of a student, and a space. */
const STUDENT_WIDTH = 1 + Math.max(...STUDENTS.map(({ length }) => length));

/** Prints a table, with how many times as long as `retort-simd` on the same host a call takes. */
export function printRows(rows: readonly Row[]): void {
  const columns = ['p50 ms', 'p95 ms', 'cold ms', 'load ms', 'GOPS', 'gzip KB', 'RSS MB', 'x retort'];
  const header = `${'student'.padEnd(STUDENT_WIDTH)}${'tokens'.padStart(6)}${'batch'.padStart(6)}  ${'host'.padEnd(8)}${'contestant'.padEnd(24)}`;
  console.log(header + columns.map((name) => name.padStart(10)).join(''));
  for (const row of [...rows].sort(byCase)) {
    const own = rows.find((other) => isSameCase(row, other) && other.contestant === 'retort-simd');
    const { p50Ms, p95Ms, coldMs, loadMs, gops, gzipBytes, rssMb } = row;
    const times = own === undefined ? null : p50Ms / own.p50Ms;
    const kilobytes = gzipBytes === null ? null : gzipBytes / 1024;
    const cells = [p50Ms, p95Ms, coldMs, loadMs, gops, kilobytes, rssMb, times].map(cell).join('');
    const subject = `${row.student.padEnd(STUDENT_WIDTH)}${String(row.seqLen).padStart(6)}${String(row.batch).padStart(6)}`;
    console.log(`${subject}  ${row.host.padEnd(8)}${row.contestant.padEnd(24)}${cells}`);
  }
}

function cell(value: number | null): string {
  return (value === null ? '-' : value.toPrecision(3)).padStart(10);
}

function byCase(a: Row, b: Row): number {
  return a.student.localeCompare(b.student) || a.seqLen - b.seqLen || a.batch - b.batch || a.host.localeCompare(b.host);
}

function isSameCase(a: Row, b: Row): boolean {
  return a.host === b.host && a.student === b.student && a.seqLen === b.seqLen && a.batch === b.batch;
}
