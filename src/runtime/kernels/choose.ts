/**
 * Chooses the kernels of a student: relaxed SIMD or SIMD128 where the engine runs it and a known answer comes out right,
 * the scalar reference otherwise. The choice and its reason are reported, never silent.
 */
import { InputError } from '../../format/index.ts';
import { type Kernels, type ProductGroup, RESERVED_BYTES } from './kernels.ts';
import { ScalarKernels } from './scalar.ts';

/** Kernel variants by name, fastest first. */
export type Backend = 'relaxed-simd' | 'simd' | 'scalar';

/** What a host has compiled. */
export interface KernelModules {
  /** Every primitive, in SIMD128. */
  readonly simd: WebAssembly.Module;
  /** What multiplies in int8, in relaxed SIMD; null where the engine does not know its instructions. */
  readonly relaxed: WebAssembly.Module | null;
}

/** The compiled modules of a host, or why it has none. */
export type HostModules = KernelModules | { readonly unavailable: string };

/** Kernels over a memory of their own. */
export interface PlacedKernels {
  readonly kernels: Kernels;
  readonly memory: ArrayBuffer;
}

/** What will compute, before there is a memory: how its operands are packed decides how large that has to be. */
export interface KernelChoice {
  readonly backend: Backend;
  /** Why not a faster variant; empty where there is none. */
  readonly reason: string;
  readonly group: ProductGroup;
  /** Kernels over `byteLength` bytes. */
  place(byteLength: number): PlacedKernels;
}

const PAGE_BYTES = 65_536;
const checked = new WeakMap<WebAssembly.Module, boolean>();

/**
 * Chooses by what the host has compiled.
 *
 * @param isFloat true for a student with F32 matrices, which the scalar kernels alone can multiply
 * @param wanted `auto`, or a variant by name
 * @throws InputError where a variant is asked for by name and cannot be had
 */
export function chooseKernels(isFloat: boolean, modules: () => HostModules, wanted: 'auto' | Backend): KernelChoice {
  let reason = wanted === 'auto' ? '' : 'asked for';
  const host = isFloat ? { unavailable: 'float weights' } : wanted === 'scalar' ? { unavailable: reason } : modules();
  for (const backend of ['relaxed-simd', 'simd'] as const) {
    // Not `instanceof`: where an engine has no WebAssembly, there is no such class.
    if ('unavailable' in host) reason = host.unavailable;
    else if (wanted === 'auto' || wanted === backend) {
      const group = backend === 'simd' ? 2 : 4;
      const unfit = unfitness(host, backend, group);
      if (unfit === '') return { backend, reason, group, place: (bytes) => placeCompiled(host, group, bytes) };
      reason = unfit;
    }
  }
  if (wanted === 'auto' || wanted === 'scalar') {
    const group = isFloat ? 1 : 2;
    return { backend: 'scalar', reason, group, place: (bytes) => placeScalar(bytes, group) };
  }
  throw new InputError(`kernels: expected ${wanted} to run here, got ${reason}; ask for 'auto' to fall back`);
}

function placeScalar(byteLength: number, group: ProductGroup): PlacedKernels {
  const memory = new ArrayBuffer(byteLength);
  return { kernels: new ScalarKernels(memory, group), memory };
}

function placeCompiled({ simd, relaxed }: KernelModules, group: ProductGroup, byteLength: number): PlacedKernels {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(byteLength / PAGE_BYTES) });
  // What no module has runs in the reference, which works in the same memory.
  const kernels: Kernels = new ScalarKernels(memory.buffer, group);
  for (const module of group === 2 ? [simd] : [simd, relaxed!]) {
    Object.assign(kernels, new WebAssembly.Instance(module, { env: { memory } }).exports);
  }
  return { kernels, memory: memory.buffer };
}

/**
 * Why a variant is not used; empty where it is fit. Known-answer test of the real product, which attention is made of too,
 * with every accumulator of its tile live: engines have shipped integer products that validate and compute something else.
 * Once a module.
 */
function unfitness(modules: KernelModules, backend: Backend, group: ProductGroup): string {
  const module = group === 2 ? modules.simd : modules.relaxed;
  if (module === null) return 'this engine has no relaxed SIMD';
  if (!checked.has(module)) {
    const answer = knownProduct(placeCompiled(modules, group, PAGE_BYTES), group);
    const reference = knownProduct(placeScalar(PAGE_BYTES, group), group);
    checked.set(module, String(answer) === String(reference));
  }
  return checked.get(module) ? '' : `this engine computes the ${backend} kernel wrong`;
}

/** `[5, 20] x [20, 12]` of extreme and pseudo-random operands, with GELU behind it; sums and zero points are 0. */
function knownProduct({ kernels, memory }: PlacedKernels, group: ProductGroup): Float32Array {
  const [factors, zeros, q, w, out] = [RESERVED_BYTES, 1024, 2048, 4096, 8192];
  const place = (at: number, operand: (i: number) => number): void => {
    const operands = new (group === 2 ? Int16Array : Int8Array)(memory, at, 320);
    for (let i = 0; i < 320; i++) operands[i] = operand(i);
  };
  new Float32Array(memory, factors, 16).fill(0.02);
  place(q, (i) => (i % 5 === 0 ? 127 : (i * 37) & 127));
  place(w, (i) => (i % 7 === 0 ? -128 : (i * 89) % 128));
  kernels.matmulInt8(out, q, factors, zeros, w, zeros, factors, factors, 5, 20, 12, 2);
  return new Float32Array(memory, out, 60);
}
