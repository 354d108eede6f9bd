import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TIED } from '../../../bench/runtime/processes.ts';
import { startModule } from '../../support/retort.ts';

let source: string;

beforeAll(async () => {
  const contents = `
    import { spawn } from 'node:child_process';
    import { endWithThis, TIED } from './processes.ts';
    const [command, ...args] = [...TIED, 'sleep', '60'];
    const child = spawn(command, args, { stdio: 'ignore' });
    // As wrangler does.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit());
    endWithThis(child);
    // By then it is what it was started as.
    setTimeout(() => {
      child.kill('SIGSTOP');
      console.log('child', child.pid);
    }, 300);
  `;
  const stdin = { contents, resolveDir: 'bench/runtime', loader: 'ts' } as const;
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', platform: 'node', write: false });
  source = outputFiles[0].text;
});

/** Whether a process still is one, and not what is left of it until somebody asks how it ended. */
const isThere = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z]/.test(stdout.trim());
};

describe('endWithThis', () => {
  // Linux alone ends what a process leaves that could not do it itself.
  it.each<[NodeJS.Signals, number | null]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ...(TIED.length === 0 ? [] : [['SIGKILL', null] as [NodeJS.Signals, null]]),
  ])('ends a process that sleeps where %s ends its parent', async (signal, code) => {
    const running = startModule(source);
    const [, pid] = (await running.until(/^child (\d+)$/m)).map(Number);
    onTestFinished(() => void (isThere(pid) && process.kill(pid, 'SIGKILL')));
    expect(isThere(pid)).toBe(true);
    running.child.kill(signal);
    expect((await running.outcome).code).toBe(code);
    for (let i = 0; i < 40 && isThere(pid); i++) await wait(50);
    expect(isThere(pid)).toBe(false);
  });

  it('says why it ends where what started it did', async () => {
    const args = JSON.stringify(['--input-type=module', '-e', source]);
    const running = startModule(`
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ${args}, { stdio: 'inherit' });
    `);
    const [, pid] = (await running.until(/^child (\d+)$/m)).map(Number);
    onTestFinished(() => void (isThere(pid) && process.kill(pid, 'SIGKILL')));
    running.child.kill('SIGKILL');
    expect((await running.outcome).stderr).toBe(
      'benchmark: expected what started it to stay, got its end; start it from a shell that stays\n',
    );
    for (let i = 0; i < 40 && isThere(pid); i++) await wait(50);
    expect(isThere(pid)).toBe(false);
  });
});
