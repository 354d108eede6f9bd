import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { retort, startRetort } from '../support/retort.ts';

const VERBS = [
  'data',
  'distill',
  'label',
  'report',
  'eval',
  'bench',
  'compare',
  'inspect',
  'export',
  'serve',
  'deploy',
  'help',
];

describe('retort', () => {
  it('--help lists every verb and says where to start', async () => {
    const { code, stdout, stderr } = await retort(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const verb of VERBS) expect(stdout).toMatch(new RegExp(`^  ${verb} .*`, 'm'));
    expect(stdout).toContain('Start with: retort distill --help');
  });

  it.each(VERBS)('%s --help shows an example of that verb', async (verb) => {
    const { code, stdout } = await retort([verb, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Examples?:\\n {2}\\$ retort ${verb}`, 'm'));
  });

  it('says at Ctrl-C that it stopped, and promises nothing where a verb keeps nothing', async () => {
    const running = startRetort(['bench', 'examples/worker/student.safetensors', '--runs', '1000000000']);
    // Until the signal has a handler, it ends the process without a word.
    await new Promise((done) => setTimeout(done, 3000));
    running.child.kill('SIGINT');
    expect(await running.outcome).toEqual({ code: 130, stdout: '', stderr: 'retort: stopped\n' });
  });

  it('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await retort(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('help shows what --help does, of a verb and of all', async () => {
    expect(await retort(['help', 'distill'])).toEqual(await retort(['distill', '--help']));
    expect(await retort(['help'])).toEqual(await retort(['--help']));
  });

  it.each([[['distil']], [['help', 'distil']]])(
    '%j names what is not there, what was meant and every verb',
    async (args) => {
      const { code, stdout, stderr } = await retort(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      const [error, suggestion, list] = stderr.split('\n');
      expect([error, suggestion]).toEqual(["error: unknown command 'distil'", '(Did you mean distill?)']);
      for (const verb of VERBS) expect(list).toContain(verb);
    },
  );

  it('without a verb shows its help on stderr and exits 2', async () => {
    const { code, stdout, stderr } = await retort([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: retort');
  });

  it.each([
    ['an unknown verb', ['distil'], 'distill'],
    ['a misspelt option', ['distill', '--thread', '2'], '--threads'],
  ])('suggests what %s was meant to be and exits 2', async (_, args, suggestion) => {
    const { code, stdout, stderr } = await retort(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`Did you mean ${suggestion}\\?`));
  });

  it.each([
    ['--threads', ['distill', '--threads', 'two']],
    ['--seeds', ['distill', '--seeds', '0']],
    ['--runs', ['bench', 'a.safetensors', '--runs', '1.5']],
    ['--port', ['serve', 'a.safetensors', '--port', 'http']],
    ['--port', ['serve', 'a.safetensors', '--port', '65536']],
  ])('refuses a %s that is no such number and exits 2: %j', async (option, args) => {
    const { code, stderr } = await retort(args);
    expect(code).toBe(2);
    expect(stderr).toContain(option);
    expect(stderr).toMatch(/expected|Expected/);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['eval', "argument 'data'"],
    ['bench', "argument 'students'"],
    ['compare', "argument 'students'"],
    ['inspect', "argument 'student'"],
    ['export', "argument 'student'"],
    ['serve', "argument 'students'"],
    ['deploy', "argument 'student'"],
  ])('%s without what it needs names it and exits 2', async (verb, missing) => {
    const { code, stderr } = await retort([verb]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/missing required|not specified/);
    expect(stderr).toContain(missing);
  });
});
