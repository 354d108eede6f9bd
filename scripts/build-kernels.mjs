/**
 * Compiles the AssemblyScript modules: the two of the runtime (SIMD128 and relaxed SIMD) and that of the training engine.
 * Their bytes become generated modules, for hosts that compile them; the runtime's are kept as .wasm too, static imports
 * in Workers.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const FLAGS = [
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--noAssert',
  '-O3',
  '--importMemory',
  '--initialMemory',
  '1',
  '--noExportMemory',
];

/** Where the constants of each module of the runtime begin: in one memory, below `RESERVED_BYTES` of kernels.ts. */
const CONSTANTS = { simd: ['--memoryBase', '16'], relaxed: ['--memoryBase', '256'] };

/** Builds every generated file. */
export async function buildKernels() {
  const folder = await mkdtemp(join(tmpdir(), 'retort-kernels-'));
  try {
    const kernels = 'src/runtime/kernels';
    const simd = ['--optimizeLevel', '3', '--shrinkLevel', '1', '--converge'];
    await compile(`${kernels}/assembly/simd.ts`, `${kernels}/simd.wasm`, ...simd, ...CONSTANTS.simd);
    const relaxed = ['-O3', '--enable', 'relaxed-simd'];
    await compile(`${kernels}/assembly/relaxed.ts`, `${kernels}/relaxed.wasm`, ...relaxed, ...CONSTANTS.relaxed);
    await inline(`${kernels}/modules.generated.ts`, {
      SIMD_WASM_TEXT: spellBytes(await readFile(`${kernels}/simd.wasm`)),
      RELAXED_WASM_TEXT: spellBytes(await readFile(`${kernels}/relaxed.wasm`)),
    });
    const engine = join(folder, 'engine.wasm');
    await compile('src/train/engine/assembly/index.ts', engine, '-O3');
    await inline('src/train/engine/simd.generated.ts', {
      ENGINE_WASM_BASE64: (await readFile(engine)).toString('base64'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compile(source, wasm, ...flags) {
  const { error, stderr } = await asc.main([source, '--outFile', wasm, ...FLAGS, ...flags]);
  if (error) throw new Error(`AssemblyScript: ${stderr.toString()}`, { cause: error });
}

async function inline(file, texts) {
  const lines = Object.entries(texts).map(([name, text]) => `export const ${name}: string = ${JSON.stringify(text)};`);
  await writeFile(file, ['/** Written by scripts/build-kernels.mjs. */', ...lines, ''].join('\n'));
}

/**
 * Spells bytes for `readInlinedBytes` of src/runtime/kernels/inlined.ts: one printable ASCII character for a byte from
 * 250, around the end, to 85, which most are, the first byte of a SIMD instruction (253) among them; two for the others.
 * Unlike base64 it keeps whole bytes whole, so gzip finds what repeats. The characters are turned around so that the
 * smallest bytes, of which there are most, become letters, which gzip has a short code for beside JavaScript.
 */
export function spellBytes(bytes) {
  return Array.from(bytes, (byte) => {
    const code = (byte + 6) % 256;
    const page = Math.floor(code / 92);
    return (page === 0 ? '' : String.fromCharCode(31 + page)) + String.fromCharCode(35 + ((code + 59) % 92));
  }).join('');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
