/** Two memories of the same content, one for the scalar reference and one for a variant that has to equal it. */

import { alignedWidth } from '../../../src/format/index.ts';
import { inlinedModules } from '../../../src/runtime/index.ts';
import { type Backend, chooseKernels, type PlacedKernels } from '../../../src/runtime/kernels/choose.ts';
import { type Kernels, type ProductGroup, RESERVED_BYTES } from '../../../src/runtime/kernels/kernels.ts';
import { ScalarKernels } from '../../../src/runtime/kernels/scalar.ts';

/** A whole number of WebAssembly pages, so that both memories are equally long. */
const BYTES = 2 ** 18;

/** The compiled variants that this engine runs: SIMD128 always, relaxed SIMD where it is on. */
export const VARIANTS: readonly Backend[] = ['simd', 'relaxed-simd'].filter((name): name is Backend => {
  const modules = inlinedModules();
  return name === 'simd' || ('relaxed' in modules && modules.relaxed !== null);
});

/** Data of a kernel: values, or rows of them. */
export type Values = Float32Array | Int32Array | Int16Array | Int8Array;

/** Places data in both memories, runs a kernel in both, and compares every byte. */
export class TwinMemory {
  readonly #variant: PlacedKernels;
  readonly #scalar: PlacedKernels;
  /** How the variant packs the operands of its products. */
  readonly group: ProductGroup;
  #end = RESERVED_BYTES;

  constructor(variant: Backend = 'simd') {
    const { group, place } = chooseKernels(false, inlinedModules, variant);
    const memory = new ArrayBuffer(BYTES);
    this.group = group;
    this.#variant = place(BYTES);
    this.#scalar = { kernels: new ScalarKernels(memory, group), memory };
    // The constants of the modules, which no kernel may change.
    new Uint8Array(memory).set(new Uint8Array(this.#variant.memory, 0, RESERVED_BYTES));
  }

  /** Copies `data` to the next place that is aligned to 16 bytes. */
  place(data: Values): number {
    const at = this.#reserve(data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (const { memory } of [this.#scalar, this.#variant]) new Uint8Array(memory).set(bytes, at);
    return at;
  }

  /** Places rows of `width` values as kernels read them: zeros up to whole registers. */
  placeRows(data: Values, width: number): number {
    return this.place(alignRows(data, width));
  }

  /** Room for an output, filled with bytes that are no result. */
  output(byteLength: number): number {
    return this.place(new Int8Array(byteLength).fill(0x55));
  }

  /** Room for rows of F32 values. */
  outputRows(rows: number, width: number): number {
    return this.output(4 * rows * alignedWidth(width));
  }

  #reserve(byteLength: number): number {
    const at = this.#end;
    // A gap of 16 bytes behind each block shows writes beyond its end.
    this.#end += Math.ceil(byteLength / 16) * 16 + 16;
    if (this.#end > BYTES) throw new RangeError(`expected at most ${BYTES} bytes, got ${this.#end}`);
    return at;
  }

  /**
   * Runs a kernel in both memories; afterwards they are the same, bit for bit, but for what it works in.
   *
   * @param scratch bytes whose content no one reads afterwards
   */
  runBoth(run: (kernels: Kernels) => void, scratch?: { readonly at: number; readonly byteLength: number }): void {
    for (const { kernels, memory } of [this.#variant, this.#scalar]) {
      run(kernels);
      if (scratch !== undefined) new Uint8Array(memory, scratch.at, scratch.byteLength).fill(0);
    }
    const [variant, scalar] = [this.#variant, this.#scalar].map(({ memory }) => Buffer.from(memory));
    if (variant.equals(scalar)) return;
    const byte = variant.findIndex((value, i) => value !== scalar[i]) & ~3;
    throw new Error(`byte ${byte}: expected ${scalar.readFloatLE(byte)}, got ${variant.readFloatLE(byte)}`);
  }

  /** What the reference left at `offset`. */
  floats(offset: number, length: number): Float32Array {
    return new Float32Array(this.#scalar.memory, offset, length);
  }

  /** Rows that the reference left at `offset`, without what fills them up, which is all 0. */
  rows(offset: number, rows: number, width: number): Float32Array {
    const stride = alignedWidth(width);
    const all = this.floats(offset, rows * stride);
    if (all.some((value, i) => i % stride >= width && value !== 0)) throw new Error('a row does not end in zeros');
    return all.filter((_, i) => i % stride < width);
  }
}

/** Rows of `width` values as kernels read them. */
export function alignRows(data: Values, width: number): Values {
  const stride = alignedWidth(width);
  const rows = data.length / width;
  const aligned = new (data.constructor as new (length: number) => Values)(rows * stride);
  for (let r = 0; r < rows; r++) aligned.set(data.subarray(r * width, (r + 1) * width), r * stride);
  return aligned;
}
