import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readInlinedBytes } from '../../src/runtime/kernels/inlined.ts';
import { SIMD_WASM_TEXT } from '../../src/runtime/kernels/simd.generated.ts';

it('the inlined module has the bytes of simd.wasm, in printable ASCII', () => {
  expect(SIMD_WASM_TEXT).toMatch(/^[ -~]+$/);
  const wasm = readFileSync('src/runtime/kernels/simd.wasm');
  expect(Buffer.from(readInlinedBytes(SIMD_WASM_TEXT)).equals(wasm)).toBe(true);
});

it('spelling keeps every byte, whatever stands before it', () => {
  const bytes = Uint8Array.from({ length: 65_536 }, (_, i) => (i % 2 === 0 ? i >> 8 : i));
  const code = `import { spellBytes } from './scripts/build-kernels.mjs';
    process.stdout.write(spellBytes(Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64')));`;
  const text = execFileSync(process.execPath, ['--input-type=module'], {
    input: code,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  expect(readInlinedBytes(text)).toEqual(bytes);
});
