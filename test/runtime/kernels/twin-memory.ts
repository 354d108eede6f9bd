/** Two memories of the same content, one for the scalar reference and one for a variant that has to equal it. */
import { inlinedSimd } from '../../../src/runtime/index.ts';
import { chooseKernels } from '../../../src/runtime/kernels/choose.ts';
import type { Kernels } from '../../../src/runtime/kernels/kernels.ts';

/** A whole number of WebAssembly pages, so that both memories are equally long. */
const BYTES = 2 ** 20;

/** Places data in both memories, runs a kernel in both, and compares every byte. */
export class TwinMemory {
  readonly #simd = chooseKernels(BYTES, false, inlinedSimd, 'simd');
  readonly #scalar = chooseKernels(BYTES, false, inlinedSimd, 'scalar');
  #end = 0;

  /** Copies `data` to the next place that is aligned to 16 bytes. */
  place(data: Float32Array | Int32Array | Int16Array | Int8Array): number {
    const at = this.#reserve(data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (const { memory } of [this.#simd, this.#scalar]) new Uint8Array(memory).set(bytes, at);
    return at;
  }

  /** Room for an output, filled with bytes that are no result. */
  output(byteLength: number): number {
    return this.place(new Int8Array(byteLength).fill(0x55));
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
    for (const { kernels, memory } of [this.#simd, this.#scalar]) {
      run(kernels);
      if (scratch !== undefined) new Uint8Array(memory, scratch.at, scratch.byteLength).fill(0);
    }
    const [simd, scalar] = [this.#simd, this.#scalar].map(({ memory }) => Buffer.from(memory));
    if (simd.equals(scalar)) return;
    const byte = simd.findIndex((value, i) => value !== scalar[i]) & ~3;
    throw new Error(`byte ${byte}: expected ${scalar.readFloatLE(byte)}, got ${simd.readFloatLE(byte)}`);
  }

  /** What the reference left at `offset`. */
  floats(offset: number, length: number): Float32Array {
    return new Float32Array(this.#scalar.memory, offset, length);
  }
}
