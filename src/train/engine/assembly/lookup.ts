/** Rows of a table by id, and the sum of rows into it. A negative id stands for no row. */
import { copyRun } from './copying';
import { loadPart, storePart } from './rows';

/** `out[i] = table[ids[i]]`, zeros for a negative id. */
export function gatherRows(out: usize, table: usize, ids: usize, count: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + ((<usize>i) << 2));
    if (id < 0) memory.fill(out, 0, bytes);
    else copyRun(out, table + <usize>id * bytes, width);
    out += bytes;
  }
}

/** `table[ids[i]] += rows[i]` in the order of `i`, from a table of zeros; a negative id is passed over. */
export function scatterRows(table: usize, tableRows: i32, rows: usize, ids: usize, count: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  memory.fill(table, 0, <usize>tableRows * bytes);
  for (let i = 0; i < count; i++, rows += bytes) {
    const id = load<i32>(ids + ((<usize>i) << 2));
    if (id < 0) continue;
    const to = table + <usize>id * bytes;
    for (let c = 0; c < width; c += 4) {
      const offset = (<usize>c) << 2;
      const sum = f32x4.add(loadPart(to + offset, width - c), loadPart(rows + offset, width - c));
      storePart(to + offset, sum, width - c);
    }
  }
}
