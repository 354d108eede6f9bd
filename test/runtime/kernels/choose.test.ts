import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('an engine without WebAssembly runs a student on the scalar kernels, with the logits of SIMD', () => {
  const logitsIn = (before: string): unknown => {
    const code = `import { readFileSync } from 'node:fs';
      ${before}
      const { loadStudent } = await import('./dist/runtime/standalone.js');
      const student = await loadStudent(new Uint8Array(readFileSync('examples/worker/student.safetensors')));
      const { backend } = student.info;
      console.log(JSON.stringify({ backend, logits: [...student.logits('You won a prize, claim it now')] }));`;
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
  };
  const { logits, backend } = logitsIn('') as { logits: number[]; backend: string };
  expect(backend).toBe('simd');
  expect(logitsIn('delete globalThis.WebAssembly;')).toEqual({ backend: 'scalar', logits });
});
