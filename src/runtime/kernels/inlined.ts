/** The kernel modules as bytes inside the bundle, for hosts that may compile: no file to find, nothing to fetch. */

import type { HostModules } from './choose.ts';
import { RELAXED_WASM_TEXT, SIMD_WASM_TEXT } from './modules.generated.ts';

let compiled: HostModules | null = null;

/** Bytes from the text that `spellBytes` of scripts/build-kernels.mjs makes of them. */
export function readInlinedBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let page = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) - 2;
    if (code < 33) page = 92 * (code - 29);
    else {
      bytes.push(page + (code % 92) - 6);
      page = 0;
    }
  }
  return Uint8Array.from(bytes);
}

/** The bytes of each module; the second one is null where the engine does not know its instructions. */
function moduleBytes(): readonly [simd: BufferSource, relaxed: BufferSource | null] {
  const relaxed = readInlinedBytes(RELAXED_WASM_TEXT);
  return [readInlinedBytes(SIMD_WASM_TEXT), WebAssembly.validate(relaxed) ? relaxed : null];
}

function unavailable(cause: unknown): HostModules {
  return { unavailable: `the host does not compile it (${cause instanceof Error ? cause.message : String(cause)})` };
}

/** Compiles at once, the first time; a host that refuses is an answer, not an error. */
export function inlinedModules(): HostModules {
  if (compiled === null) {
    try {
      const [simd, relaxed] = moduleBytes();
      compiled = { simd: new WebAssembly.Module(simd), relaxed: relaxed && new WebAssembly.Module(relaxed) };
    } catch (cause) {
      compiled = unavailable(cause);
    }
  }
  return compiled;
}

/** Compiles off the main thread where the engine can; {@link inlinedModules} then has them ready. */
export async function compileInlinedModules(): Promise<void> {
  if (compiled !== null) return;
  try {
    const bytes = moduleBytes();
    const compile = (one: BufferSource | null): Promise<WebAssembly.Module> | null => one && WebAssembly.compile(one);
    const [simd, relaxed] = await Promise.all(bytes.map(compile));
    compiled = { simd: simd!, relaxed };
  } catch (cause) {
    compiled = unavailable(cause);
  }
}
