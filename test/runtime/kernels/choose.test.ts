import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** What Node makes of a student, started with `flags`. */
function studentIn(flags: readonly string[], before = ''): { backend: string; reason: string; logits: number[] } {
  const code = `import { readFileSync } from 'node:fs';
    ${before}
    const { loadStudent } = await import('./dist/runtime/standalone.js');
    const student = await loadStudent(new Uint8Array(readFileSync('examples/worker/student.safetensors')));
    const { backend, backendReason: reason } = student.info;
    console.log(JSON.stringify({ backend, reason, logits: [...student.logits('You won a prize, claim it now')] }));`;
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', code], { encoding: 'utf8' });
  return JSON.parse(output);
}

/** Makes an engine one that knows no module beyond the first. */
const NO_RELAXED_SIMD = 'WebAssembly.validate = () => false;';

it('an engine without WebAssembly runs a student on the scalar kernels, with the logits of SIMD128', () => {
  const { logits, backend } = studentIn([], NO_RELAXED_SIMD);
  expect(backend).toBe('simd');
  expect(studentIn([], 'delete globalThis.WebAssembly;')).toMatchObject({ backend: 'scalar', logits });
});

it('an engine without relaxed SIMD runs SIMD128, and says so', () => {
  expect(studentIn([], NO_RELAXED_SIMD)).toMatchObject({ backend: 'simd', reason: 'this engine has no relaxed SIMD' });
});

describe.skipIf(!process.version.startsWith('v20.'))('V8 11.3, which has relaxed SIMD behind a flag', () => {
  const flag = '--experimental-wasm-relaxed-simd';

  it('is not trusted with the compiler that gets its product wrong', () => {
    const { backend, reason } = studentIn([flag, '--liftoff-only']);
    expect([backend, reason]).toEqual(['simd', 'this engine computes the relaxed-simd kernel wrong']);
  });

  it('runs it with the other one, with the logits of SIMD128', () => {
    const { logits } = studentIn([]);
    expect(studentIn([flag, '--no-liftoff'])).toEqual({ backend: 'relaxed-simd', reason: '', logits });
  });
});
