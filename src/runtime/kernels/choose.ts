/**
 * Chooses the kernels of a student: SIMD128 where the engine runs it and a known answer comes out right, the scalar
 * reference otherwise. The choice and its reason are reported, never silent.
 */
import { InputError } from '../../format/index.ts';
import { type Kernels, packedLength, packInt8 } from './kernels.ts';
import { ScalarKernels } from './scalar.ts';

/** Kernel variants by name. */
export type Backend = 'simd' | 'scalar';

/** The compiled SIMD128 module of a host, or why it has none. */
export type SimdModule = WebAssembly.Module | { readonly unavailable: string };

/** Kernels over a memory of their own. */
export interface ChosenKernels {
  readonly kernels: Kernels;
  readonly memory: ArrayBuffer;
  readonly backend: Backend;
  /** Why not a faster variant; empty where there is none. */
  readonly reason: string;
}

const PAGE_BYTES = 65_536;
const checked = new WeakMap<WebAssembly.Module, boolean>();

/**
 * Creates the kernels for an arena of `byteLength` bytes.
 *
 * @param wanted `auto`, or a variant by name
 * @throws InputError where `simd` is asked for by name and cannot be had
 */
export function chooseKernels(
  byteLength: number,
  isFloat: boolean,
  simd: () => SimdModule,
  wanted: 'auto' | Backend,
): ChosenKernels {
  const reason = wanted === 'scalar' ? 'asked for' : isFloat ? 'float weights' : '';
  if (reason === '') {
    const module = simd();
    // Not `instanceof`: where an engine has no WebAssembly, there is no such class.
    if ('unavailable' in module) return scalar(byteLength, module.unavailable, wanted);
    if (answersRight(module)) return { ...instantiate(module, byteLength), backend: 'simd', reason: '' };
    return scalar(byteLength, 'this engine computes the SIMD kernel wrong', wanted);
  }
  return scalar(byteLength, reason, wanted);
}

function scalar(byteLength: number, reason: string, wanted: 'auto' | Backend): ChosenKernels {
  if (wanted === 'simd') {
    throw new InputError(`kernels: expected simd to run here, got ${reason}; ask for 'auto' to fall back`);
  }
  const memory = new ArrayBuffer(Math.ceil(byteLength / 16) * 16);
  return { kernels: new ScalarKernels(memory), memory, backend: 'scalar', reason };
}

function instantiate(module: WebAssembly.Module, byteLength: number): { kernels: Kernels; memory: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(byteLength / PAGE_BYTES)) });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return { kernels: instance.exports as unknown as Kernels, memory: memory.buffer };
}

/**
 * Known-answer test of the real product with every accumulator of its tile live: engines have shipped SIMD integer
 * products that validate and compute something else. Once a module.
 */
function answersRight(module: WebAssembly.Module): boolean {
  const known = checked.get(module);
  if (known !== undefined) return known;
  const simd = instantiate(module, PAGE_BYTES);
  const memory = new ArrayBuffer(PAGE_BYTES);
  const answers = [knownProduct(simd.kernels, simd.memory), knownProduct(new ScalarKernels(memory), memory)];
  const right = answers[0].every((value, i) => Object.is(value, answers[1][i]));
  checked.set(module, right);
  return right;
}

/** `[5, 19] x [19, 11]` of extreme and pseudo-random values, with GELU behind it. */
function knownProduct(kernels: Kernels, memory: ArrayBuffer): Float32Array {
  const [rows, inputSize, outputSize] = [5, 19, 11];
  const [x, q, scales, zeros, w, sums, weightScales, bias, out] = Array.from({ length: 9 }, (_, i) => i * 4096);
  const weights = Int8Array.from({ length: outputSize * inputSize }, (_, i) => (i % 7 === 0 ? -128 : i * 89));
  packInt8(new Int16Array(memory, w, packedLength(outputSize, inputSize)), weights, outputSize, inputSize);
  new Float32Array(memory, x, rows * inputSize).forEach((_, i, values) => {
    values[i] = Math.fround(((i * 37) % 101) / 17 - 2);
  });
  const columnSums = new Int32Array(memory, sums, outputSize);
  for (let i = 0; i < weights.length; i++) columnSums[Math.floor(i / inputSize)] += weights[i];
  new Float32Array(memory, weightScales, outputSize).fill(0.001);
  new Float32Array(memory, bias, outputSize).fill(0.25);
  kernels.quantizeRows(q, scales, zeros, x, rows, inputSize);
  kernels.matmulInt8(out, q, scales, zeros, w, sums, weightScales, bias, rows, inputSize, outputSize, 2);
  return new Float32Array(memory, out, rows * outputSize);
}
