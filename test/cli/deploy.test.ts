/** `retort deploy`, with the real wrangler, in a folder where the packages are installed that it asks for. */
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { retort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STUDENT = resolve('examples/worker/student.safetensors');

describe('retort deploy', () => {
  const folder = temporaryFolder('deploy');
  const worker = join(folder, 'worker');
  const text = (file: string): string => readFileSync(join(worker, file), 'utf8');

  async function deploy(...options: readonly string[]): Promise<string> {
    const args = ['deploy', STUDENT, '--dry-run', '--out', worker, ...options];
    const { code, stdout, stderr } = await retort(args, { cwd: folder });
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain('--dry-run: exiting now.');
    return stderr;
  }

  beforeAll(() => {
    const modules = join(folder, 'node_modules');
    mkdirSync(modules);
    for (const name of ['wrangler', 'hono']) symlinkSync(resolve('node_modules', name), join(modules, name));
    symlinkSync(resolve('.'), join(modules, 'retort-edge'));
    writeFileSync(join(folder, 'package.json'), '{}');
  });

  it('writes entry, wrangler.toml and student; again, keeps what was edited, says so, and renews the student', async () => {
    expect(await deploy()).toContain('Wrote worker: student.safetensors, index.js, wrangler.toml');
    const files = ['index.js', 'wrangler.toml'];
    const untouched = await deploy();
    expect(untouched).not.toContain('Kept');
    for (const file of files) appendFileSync(join(worker, file), file === 'index.js' ? '\n// mine\n' : '\n# mine\n');
    const edited = files.map(text);
    writeFileSync(join(worker, 'student.safetensors'), 'an old one');

    const told = await deploy();
    expect(files.map(text)).toEqual(edited);
    for (const file of files)
      expect(told).toContain(`Kept worker/${file}, which differs from what deploy writes; delete it`);
    expect(told).toContain('Wrote worker: student.safetensors\n');
    expect(readFileSync(join(worker, 'student.safetensors'))).toEqual(readFileSync(STUDENT));
  }, 180_000);

  it('refuses the folder of another Worker before it replaces its student, and takes it with the name of that Worker', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    const toml = 'name = "my_own"\nmain = "index.js"\n[[d1_databases]]\nname = "rows"\n';
    writeFileSync(join(other, 'wrangler.toml'), toml);
    writeFileSync(join(other, 'student.safetensors'), 'its own');
    const { code, stderr } = await retort(['deploy', STUDENT, '--dry-run', '--out', 'other'], { cwd: folder });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(
        'other/wrangler.toml: expected the Worker worker-static, got my_own; pass --name my_own to give that Worker the student',
      ),
    ]);
    expect(readFileSync(join(other, 'student.safetensors'), 'utf8')).toBe('its own');
    const named = await retort(['deploy', STUDENT, '--dry-run', '--out', 'other', '--name', 'my_own'], { cwd: folder });
    expect(named.stderr).toContain('Wrote other: student.safetensors, index.js\n');
    expect(readFileSync(join(other, 'wrangler.toml'), 'utf8')).toBe(toml);
  }, 120_000);

  it.each(['Bad Name!', '', '-a', 'a'.repeat(64)])('refuses the name %j', async (name) => {
    const { code, stderr } = await retort(['deploy', STUDENT, '--dry-run', '--name', name], { cwd: folder });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--name: expected 1 to 63 of a-z, 0-9, "_" and "-", no "-" first, got'),
    ]);
  });
});
