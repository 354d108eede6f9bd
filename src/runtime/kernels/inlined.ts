/** The SIMD128 module as bytes inside the bundle, for hosts that may compile: no file to find, nothing to fetch. */

import type { SimdModule } from './choose.ts';
import { SIMD_WASM_TEXT } from './simd.generated.ts';

let compiled: SimdModule | null = null;

/** Bytes from the text that `spellBytes` of scripts/build-kernels.mjs makes of them. */
export function readInlinedBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let page = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) - 35;
    if (code < 0) page = 92 * (code + 4);
    else {
      bytes.push(page + code);
      page = 0;
    }
  }
  return Uint8Array.from(bytes);
}

function unavailable(cause: unknown): SimdModule {
  return { unavailable: `the host does not compile it (${cause instanceof Error ? cause.message : String(cause)})` };
}

/** Compiles at once, the first time; a host that refuses is an answer, not an error. */
export function inlinedSimd(): SimdModule {
  if (compiled === null) {
    try {
      compiled = new WebAssembly.Module(readInlinedBytes(SIMD_WASM_TEXT));
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
    compiled = await WebAssembly.compile(readInlinedBytes(SIMD_WASM_TEXT));
  } catch (cause) {
    compiled = unavailable(cause);
  }
}
