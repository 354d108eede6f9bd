/**
 * Compiles the AssemblyScript kernels to src/runtime/kernels/simd.wasm (a static import in Workers) and to
 * simd.generated.ts (the same bytes for hosts that compile them).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const SOURCE = 'src/runtime/kernels/assembly/index.ts';
const FLAGS = ['--enable', 'simd', '--runtime', 'stub', '--noAssert', '-O3', '--importMemory', '--initialMemory', '1'];

/** Builds both files. */
export async function buildKernels() {
  const wasm = 'src/runtime/kernels/simd.wasm';
  const { error, stderr } = await asc.main([SOURCE, '--outFile', wasm, ...FLAGS]);
  if (error) throw new Error(`AssemblyScript: ${stderr.toString()}`, { cause: error });
  const base64 = (await readFile(wasm)).toString('base64');
  const lines = [
    '/** Written by scripts/build-kernels.mjs. */',
    `export const SIMD_WASM_BASE64: string = '${base64}';`,
    '',
  ];
  await writeFile('src/runtime/kernels/simd.generated.ts', lines.join('\n'));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
