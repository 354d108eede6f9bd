/** The SIMD128 module as bytes inside the bundle, for hosts that may compile: no file to find, nothing to fetch. */

import type { SimdModule } from './choose.ts';
import { SIMD_WASM_BASE64 } from './simd.generated.ts';

let compiled: SimdModule | null = null;

function simdBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(SIMD_WASM_BASE64), (character) => character.charCodeAt(0));
}

function unavailable(cause: unknown): SimdModule {
  return { unavailable: `the host does not compile it (${cause instanceof Error ? cause.message : String(cause)})` };
}

/** Compiles at once, the first time; a host that refuses is an answer, not an error. */
export function inlinedSimd(): SimdModule {
  if (compiled === null) {
    try {
      compiled = new WebAssembly.Module(simdBytes());
    } catch (cause) {
      compiled = unavailable(cause);
    }
  }
  return compiled;
}

/** Compiles off the main thread where the engine can; {@link inlinedSimd} then has it ready. */
export async function compileInlinedSimd(): Promise<void> {
  if (compiled !== null) return;
  try {
    compiled = await WebAssembly.compile(simdBytes());
  } catch (cause) {
    compiled = unavailable(cause);
  }
}
