/**
 * f32 products `C = A B` in blocks that stay in the caches (Goto & van de Geijn 2008, doi:10.1145/1356052.1356053).
 * Rows of A are read where they lie when they are k-contiguous and transposed into scratch otherwise; panels of eight
 * columns of B are packed where enough rows reuse them, where B is k-contiguous, and at the right edge.
 */
import { copyRows } from './copying';
import { loadPart, storePart } from './rows';
import { tile4x8 } from './tile';
import { transposeBlock } from './transposition';

const K_BLOCK: i32 = 256;
const N_BLOCK: i32 = 256;
const M_BLOCK: i32 = 64;
/** Rows from which a panel is worth packing. */
const PACKING_ROWS: i32 = 32;

const EDGE_BYTES: usize = 4 * 8 * 4;
const PANELS_BYTES: usize = K_BLOCK * N_BLOCK * 4;

/** Bytes of scratch that a product needs. */
export function productScratchBytes(): usize {
  return EDGE_BYTES + PANELS_BYTES + M_BLOCK * K_BLOCK * 4;
}

/** Packs columns `[k, count]` of B, count at most 8, into `[k, 8]`; columns behind the last are 0. */
function packPanel(panel: usize, b: usize, bStride: usize, transposed: bool, k: i32, count: i32): void {
  if (transposed) {
    if (count < 8) memory.fill(panel, 0, (<usize>k) << 5);
    transposeBlock(panel, 32, b, bStride, count, k);
    return;
  }
  const end = panel + ((<usize>k) << 5);
  if (count === 8) {
    for (; panel < end; panel += 32, b += bStride) {
      v128.store(panel, v128.load(b));
      v128.store(panel, v128.load(b, 16), 16);
    }
    return;
  }
  for (; panel < end; panel += 32, b += bStride) {
    v128.store(panel, loadPart(b, count));
    v128.store(panel, count > 4 ? loadPart(b + 16, count - 4) : f32x4.splat(0), 16);
  }
}

/** A tile that reaches over the lower or the right edge, by way of `edge`. */
function edgeTile(
  edge: usize,
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  k: i32,
  accumulate: bool,
  rows: i32,
  columns: i32,
): void {
  const a1 = rows > 1 ? a + aStride : a;
  const a2 = rows > 2 ? a1 + aStride : a;
  const a3 = rows > 3 ? a2 + aStride : a;
  if (accumulate) {
    for (let r = 0; r < rows; r++) {
      const from = c + <usize>r * cStride;
      const to = edge + ((<usize>r) << 5);
      v128.store(to, loadPart(from, columns));
      if (columns > 4) v128.store(to, loadPart(from + 16, columns - 4), 16);
    }
  }
  tile4x8(edge, 32, a, a1, a2, a3, b, bStride, k, accumulate);
  for (let r = 0; r < rows; r++) {
    const from = edge + ((<usize>r) << 5);
    const to = c + <usize>r * cStride;
    storePart(to, v128.load(from), columns);
    if (columns > 4) storePart(to + 16, v128.load(from, 16), columns - 4);
  }
}

/** All rows of one block of A against one panel of B. */
function panelProduct(
  edge: usize,
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  m: i32,
  k: i32,
  columns: i32,
  accumulate: bool,
): void {
  let r = 0;
  if (columns === 8) {
    const step = aStride << 2;
    for (; r + 4 <= m; r += 4) {
      tile4x8(c, cStride, a, a + aStride, a + 2 * aStride, a + 3 * aStride, b, bStride, k, accumulate);
      a += step;
      c += cStride << 2;
    }
  }
  for (; r < m; r += 4) {
    edgeTile(edge, c, cStride, a, aStride, b, bStride, k, accumulate, min(4, m - r), columns);
    a += aStride << 2;
    c += cStride << 2;
  }
}

/**
 * `C [m, n] = A [m, k] B [k, n]`. Strides are the bytes between two rows as they are stored: `[m, k]` or, transposed,
 * `[k, m]` for A, and `[k, n]` or `[n, k]` for B.
 *
 * @param bias `[n]`, from which the sums start; 0 where there is none
 */
export function stridedProduct(
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  transposeA: bool,
  b: usize,
  bStride: usize,
  transposeB: bool,
  bias: usize,
  m: i32,
  n: i32,
  k: i32,
  scratch: usize,
): void {
  const panels = scratch + EDGE_BYTES;
  const block = panels + PANELS_BYTES;
  const packsAll = transposeB || m >= PACKING_ROWS;
  for (let n0 = 0; n0 < n; n0 += N_BLOCK) {
    const nEnd = min(n, n0 + N_BLOCK);
    for (let k0 = 0; k0 < k; k0 += K_BLOCK) {
      const depth = min(K_BLOCK, k - k0);
      const panelBytes = (<usize>depth) << 5;
      const row = transposeB ? (<usize>k0) << 2 : <usize>k0 * bStride;
      for (let j = n0; j < nEnd; j += 8) {
        if (!packsAll && j + 8 <= nEnd) continue;
        const from = b + row + (transposeB ? <usize>j * bStride : (<usize>j) << 2);
        packPanel(panels + <usize>((j - n0) >> 3) * panelBytes, from, bStride, transposeB, depth, min(8, nEnd - j));
      }
      for (let m0 = 0; m0 < m; m0 += M_BLOCK) {
        const rows = min(M_BLOCK, m - m0);
        const accumulates = k0 > 0 || bias !== 0;
        if (bias !== 0 && k0 === 0) {
          const first = (<usize>n0) << 2;
          copyRows(c + <usize>m0 * cStride + first, cStride, bias + first, 0, rows, nEnd - n0);
        }
        let left = a + <usize>m0 * aStride + ((<usize>k0) << 2);
        let leftStride = aStride;
        if (transposeA) {
          leftStride = (<usize>depth) << 2;
          transposeBlock(block, leftStride, a + <usize>k0 * aStride + ((<usize>m0) << 2), aStride, depth, rows);
          left = block;
        }
        for (let j = n0; j < nEnd; j += 8) {
          const packed = packsAll || j + 8 > nEnd;
          const panel = packed ? panels + <usize>((j - n0) >> 3) * panelBytes : b + row + ((<usize>j) << 2);
          const target = c + <usize>m0 * cStride + ((<usize>j) << 2);
          const stride: usize = packed ? 32 : bStride;
          const columns = min(8, nEnd - j);
          panelProduct(scratch, target, cStride, left, leftStride, panel, stride, rows, depth, columns, accumulates);
        }
      }
    }
  }
}

/** `batch` products of matrices that lie `aStep`, `bStep` and `cStep` bytes apart; a step of 0 repeats a matrix. */
export function products(
  c: usize,
  a: usize,
  b: usize,
  batch: i32,
  cStep: usize,
  aStep: usize,
  bStep: usize,
  m: i32,
  n: i32,
  k: i32,
  transposeA: bool,
  transposeB: bool,
  bias: usize,
  scratch: usize,
): void {
  const aStride = (<usize>(transposeA ? m : k)) << 2;
  const bStride = (<usize>(transposeB ? k : n)) << 2;
  for (let i = 0; i < batch; i++) {
    stridedProduct(c, (<usize>n) << 2, a, aStride, transposeA, b, bStride, transposeB, bias, m, n, k, scratch);
    c += cStep;
    a += aStep;
    b += bStep;
  }
}
