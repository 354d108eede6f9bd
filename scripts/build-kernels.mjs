/**
 * Compiles the two AssemblyScript modules: the kernels of the runtime and those of the training engine. Each becomes a
 * generated module with its bytes, for hosts that compile them; the runtime's is kept as simd.wasm too, a static import
 * in Workers.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const FLAGS = ['--enable', 'simd', '--runtime', 'stub', '--noAssert', '-O3', '--importMemory', '--initialMemory', '1'];

/** Builds every generated file. */
export async function buildKernels() {
  const folder = await mkdtemp(join(tmpdir(), 'retort-kernels-'));
  try {
    await compile('src/runtime/kernels/assembly/index.ts', 'src/runtime/kernels/simd.wasm');
    await inline(
      'src/runtime/kernels/simd.wasm',
      'src/runtime/kernels/simd.generated.ts',
      'SIMD_WASM_TEXT',
      spellBytes,
    );
    const engine = join(folder, 'engine.wasm');
    await compile('src/train/engine/assembly/index.ts', engine);
    await inline(engine, 'src/train/engine/simd.generated.ts', 'ENGINE_WASM_BASE64', (bytes) =>
      bytes.toString('base64'),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compile(source, wasm) {
  const { error, stderr } = await asc.main([source, '--outFile', wasm, ...FLAGS]);
  if (error) throw new Error(`AssemblyScript: ${stderr.toString()}`, { cause: error });
}

async function inline(wasm, file, name, spell) {
  const text = JSON.stringify(spell(await readFile(wasm)));
  const lines = ['/** Written by scripts/build-kernels.mjs. */', `export const ${name}: string = ${text};`, ''];
  await writeFile(file, lines.join('\n'));
}

/**
 * Spells bytes for `readInlinedBytes` of src/runtime/kernels/inlined.ts: one printable ASCII character for a byte below
 * 92, which most are, two for the others. Unlike base64 it keeps whole bytes whole, so gzip finds what repeats: the
 * module of 7,758 bytes takes 3,503 of them in a compressed bundle, 4,994 as base64.
 */
export function spellBytes(bytes) {
  return Array.from(bytes, (byte) => {
    const page = Math.floor(byte / 92);
    return (page === 0 ? '' : String.fromCharCode(31 + page)) + String.fromCharCode(35 + (byte % 92));
  }).join('');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
