import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { retort } from '../support/retort.ts';
import { staticStudent, studentBytes } from '../support/students.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TINY_STUDENT } from '../support/tiny-student.ts';

describe('retort inspect', () => {
  const folder = temporaryFolder('inspect');
  const path = join(folder, 'tiny.safetensors');
  let bytes: Uint8Array;

  beforeAll(async () => {
    bytes = await studentBytes(TINY_STUDENT);
    writeFileSync(path, bytes);
  });

  it('--json has the spec, the provenance, every tensor, and the hash as checked', async () => {
    const { code, stdout, stderr } = await retort(['inspect', path, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const facts = JSON.parse(stdout);
    const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const data = bytes.subarray(8 + headerLength);
    expect(facts).toMatchObject({
      path,
      bytes: bytes.length,
      sha256: createHash('sha256').update(data).digest('hex'),
      verified: true,
      spec: TINY_STUDENT.spec,
      provenance: TINY_STUDENT.provenance,
    });
    const tensors = [...TINY_STUDENT.tensors].map(([name, { dtype, shape, data: values }]) => ({
      name,
      dtype,
      shape,
      bytes: values.byteLength,
    }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(facts.tensors.sort(byName)).toEqual(tensors.sort(byName));
  });

  it('prints labels, size, limits, hash and a line a tensor', async () => {
    const { code, stdout, stderr } = await retort(['inspect', path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^tiny: static, one label of ham, spam$/m);
    expect(stdout).toMatch(/^reads +4 tokens of 64 characters; tokenizer hashed$/m);
    expect(stdout).toMatch(/^sha256 +[0-9a-f]{64} \(verified\)$/m);
    expect(stdout).toMatch(/^scores +accuracy 0\.5000$/m);
    expect(stdout).toMatch(/^layers\.0\.weight +I8 +4 x 2 +8 B$/m);
    for (const name of TINY_STUDENT.tensors.keys()) expect(stdout).toContain(`\n${name} `);
  });

  it('shows a table in int4 as it lies in the file', async () => {
    const int4 = join(folder, 'int4.safetensors');
    writeFileSync(int4, await studentBytes(staticStudent({ hiddenSize: 64, precision: 'int4' })));
    const { code, stdout, stderr } = await retort(['inspect', int4]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^weights +int8, the embedding in int4$/m);
    expect(stdout).toMatch(/^layers\.0\.weight +U8 +61 x 32 +2\.0 KB$/m);
    expect(stdout).toMatch(/^layers\.0\.weight\.scale +F16 +61 x 2 +244 B$/m);
  });

  it('calls the precision of a student what a config calls it', async () => {
    for (const precision of ['float', 'int8'] as const) {
      const student = join(folder, `${precision}.safetensors`);
      writeFileSync(student, await studentBytes(staticStudent({ precision })));
      const { code, stdout } = await retort(['inspect', student]);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^weights +${precision}$`, 'm'));
    }
  });

  it('exits 2 where the data is not what its hash says', async () => {
    const changed = bytes.slice();
    changed[changed.length - 1] ^= 1;
    const damaged = join(folder, 'damaged.safetensors');
    writeFileSync(damaged, changed);
    const { code, stdout, stderr } = await retort(['inspect', damaged]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/damaged\.safetensors: .*sha256: expected [0-9a-f]{64}, got [0-9a-f]{64}/);
  });
});
