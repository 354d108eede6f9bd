/** What workerd does differently, and why Retort has a door of its own for it. */
import { readStudent } from 'retort-edge';
import { expect, it } from 'vitest';
import file from '../../../examples/worker/student.safetensors';

/** The smallest module: `\0asm`, version 1. */
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

it('compiles no WebAssembly from bytes, so the modules are imported', async () => {
  await expect(WebAssembly.compile(EMPTY_MODULE)).rejects.toThrow(/disallowed by embedder/);
  expect(() => new WebAssembly.Module(EMPTY_MODULE)).toThrow(/disallowed by embedder/);
  expect(readStudent(new Uint8Array(file)).info.backend).toBe('relaxed-simd');
});
