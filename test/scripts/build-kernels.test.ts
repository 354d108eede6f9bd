import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readInlinedBytes } from '../../src/runtime/kernels/inlined.ts';
import { RELAXED_WASM_TEXT, SIMD_WASM_TEXT } from '../../src/runtime/kernels/modules.generated.ts';

it.each([
  ['simd', SIMD_WASM_TEXT],
  ['relaxed', RELAXED_WASM_TEXT],
])('the inlined module has the bytes of %s.wasm, in printable ASCII', (name, text) => {
  expect(text).toMatch(/^[ -~]+$/);
  const wasm = readFileSync(`src/runtime/kernels/${name}.wasm`);
  expect(Buffer.from(readInlinedBytes(text)).equals(wasm)).toBe(true);
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
