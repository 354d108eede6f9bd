import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

interface Row {
  readonly name: string;
  readonly what: string;
  readonly bytes: number;
  readonly bound: number | null;
}

function size(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ['scripts/size.mjs', ...args]);
}

describe('npm run size', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'retort-size-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('keeps runtime, server and Worker within their bounds', async () => {
    const rows: Row[] = JSON.parse((await size('--json')).stdout);
    const bounds = Object.fromEntries(rows.map(({ name, bound }) => [name, bound]));
    expect(bounds).toEqual({
      runtime: 20_480,
      standalone: null,
      server: 20_480,
      serverWithPage: null,
      workerWithStudent: 409_600,
    });
    for (const { name, bytes, bound } of rows) {
      expect(bytes, name).toBeGreaterThan(5_000);
      if (bound !== null) expect(bytes, name).toBeLessThanOrEqual(bound);
    }
    const bytes = Object.fromEntries(rows.map((row) => [row.name, row.bytes]));
    expect(bytes.serverWithPage).toBeGreaterThan(bytes.server);
    expect(bytes.standalone).toBeGreaterThan(bytes.runtime);
  });

  it('prints a table without --json, and says which student the Worker carries', async () => {
    const { stdout } = await size();
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).toMatch(/^\w+ +\d+ bytes gzip {3}(bound +\d+|no bound) /);
    expect(lines[4]).toContain('examples/worker/student.safetensors');
  });

  it('exits 1 and names the figure where a student breaks the bound', async () => {
    const student = join(folder, 'large.safetensors');
    await writeFile(student, randomBytes(409_600));
    await expect(size('--student', student)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('expected workerWithStudent within 409600 bytes'),
    });
  });

  it('fails where there is no such student', async () => {
    await expect(size('--student', join(folder, 'missing.safetensors'))).rejects.toMatchObject({
      stderr: expect.stringContaining('ENOENT'),
    });
  });
});
