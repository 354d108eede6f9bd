/** What `npm run quickstart` does around `retort distill`, which a program of a few lines stands for: it takes minutes. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DISTILL = `
import { mkdirSync, writeFileSync } from 'node:fs';
const seeds = process.argv.includes('3') ? [0, 1, 2] : [0];
const students = ['static', 'conv'].map((name) => ({ name, file: name + '.safetensors' }));
const runs = seeds.map(() => ({ students: [{ name: 'static', devAccuracy: 0.8 }, { name: 'conv', devAccuracy: 0.9 }] }));
const metrics = JSON.stringify({ seeds, students, runs });
mkdirSync('out/quickstart', { recursive: true });
writeFileSync('out/quickstart/metrics.json', metrics);
for (const { name, file } of students) writeFileSync('out/quickstart/' + file, 'new ' + name);
console.log(process.argv.includes('--json') ? metrics : 'a table');
`;

const folder = temporaryFolder('quickstart');
const served = join(folder, 'examples/worker/student.safetensors');

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
}

function quickstart(...options: readonly string[]): Promise<Outcome> {
  return new Promise((done, fail) => {
    const args = [resolve('scripts/quickstart.mjs'), ...options];
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      if (error === null) done({ stdout, stderr });
      else fail(error);
    });
  });
}

beforeEach(() => {
  for (const path of ['dist/cli', 'examples/worker']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'dist/cli/main.js'), DISTILL);
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(served, 'old');
});

describe('npm run quickstart', () => {
  it.each([[[]], [['--threads', '1']], [['--seeds', '1']]])(
    'with %j gives the Worker the student that is best on dev, and says so',
    async (options) => {
      const { stdout } = await quickstart(...options);
      expect(readFileSync(served, 'utf8')).toBe('new conv');
      expect(stdout).toMatch(/^a table\nAs a Worker: npx wrangler dev .*conv\.safetensors.*\n$/);
    },
  );

  it('prints nothing but the JSON on stdout with --json', async () => {
    const { stdout, stderr } = await quickstart('--json');
    expect(JSON.parse(stdout).seeds).toEqual([0]);
    expect(stderr).toContain('As a Worker: ');
  });

  it.each([[['--no-baselines']], [['--backend', 'cpu']], [['--backend=cpu', '--json']]])(
    'with %j leaves the student of the Worker alone, and says why',
    async (options) => {
      const { stdout, stderr } = await quickstart(...options);
      expect(readFileSync(served, 'utf8')).toBe('old');
      expect(stdout + stderr).toContain(`stays as it is: with ${options[0]}`);
    },
  );

  it('leaves the student of the Worker alone after several seeds', async () => {
    await quickstart('--seeds', '3');
    expect(readFileSync(served, 'utf8')).toBe('old');
  });
});
