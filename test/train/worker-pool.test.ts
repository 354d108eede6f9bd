import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { InputError, RetortError } from '../../src/format/index.ts';
import { WorkerPool } from '../../src/train/worker-pool.ts';
import type { PoolTask } from '../support/pool-worker.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Pool = WorkerPool<PoolTask, string, string>;

const folder = temporaryFolder('pool');
const entry = pathToFileURL(join(folder, 'pool-worker.mjs'));

/** A pool that is closed after the test, whatever happened to it. */
function openPool(size: number, init = 'hello', module = entry): Pool {
  const pool: Pool = new WorkerPool(module, size, init);
  onTestFinished(() => pool.close());
  return pool;
}

const echo = (text: string, afterMs = 0): PoolTask => ({ kind: 'echo', text, afterMs });

beforeAll(async () => {
  await build({
    entryPoints: ['test/support/pool-worker.ts', 'src/train/worker-pool.ts'],
    outdir: folder,
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});

describe('WorkerPool.run', () => {
  it('returns results in the order of the tasks, and reports them as they come', async () => {
    const came: [string, number][] = [];
    const pool = openPool(2);
    await pool.run([echo('both threads'), echo('are there')]);
    const tasks = [echo('slow', 300), echo('fast'), echo('faster')];
    const results = await pool.run(tasks, { onResult: (result, task) => void came.push([result, task]) });
    expect(results).toEqual(['hello slow', 'hello fast', 'hello faster']);
    expect(came).toEqual([
      ['hello fast', 1],
      ['hello faster', 2],
      ['hello slow', 0],
    ]);
  });

  it('runs more tasks than threads and fewer tasks than threads, none included', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`);
    const pool = openPool(3);
    expect(await pool.run(texts.map((text) => echo(text)))).toEqual(texts.map((text) => `hello ${text}`));
    expect(await pool.run([echo('alone')])).toEqual(['hello alone']);
    expect(await pool.run([])).toEqual([]);
  });

  it('hands news on with the number of their task, before its result', async () => {
    const told: [string, number][] = [];
    const tasks: PoolTask[] = [echo('first'), { kind: 'news', items: ['a', 'b'] }];
    const hooks = { onNews: (news: string, task: number) => void told.push([news, task]) };
    expect(await openPool(1).run(tasks, hooks)).toEqual(['hello first', '2']);
    expect(told).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('throws what a task threw, with its name, message and code, and closes the pool', async () => {
    const pool = openPool(2);
    const error = await pool.run([echo('good'), { kind: 'throw', typed: true }, echo('late')]).catch((e) => e);
    expect(error).toBeInstanceOf(RetortError);
    expect(error).toMatchObject({ name: 'InputError', code: 'too_much', message: 'task: expected less' });
    await expect(pool.run([echo('again')])).rejects.toMatchObject({ code: 'worker_lost' });
  });

  it('throws an error without a code as an error without a code', async () => {
    const error = await openPool(1)
      .run([{ kind: 'throw', typed: false }])
      .catch((e) => e);
    expect(error).not.toBeInstanceOf(RetortError);
    expect(error).toMatchObject({ name: 'TypeError', message: 'no code' });
  });

  it('throws worker_lost with the exit code of a worker that exits', async () => {
    const tasks: PoolTask[] = [echo('long', 60_000), { kind: 'exit', code: 3 }];
    await expect(openPool(2).run(tasks)).rejects.toMatchObject({
      code: 'worker_lost',
      message: 'worker thread: expected an answer, got exit code 3',
    });
  });

  it('throws what onResult threw', async () => {
    const onResult = (): void => {
      throw new InputError('disk: expected room');
    };
    await expect(openPool(1).run([echo('a')], { onResult })).rejects.toThrow('disk: expected room');
  });

  it('throws the reason of a signal, aborted before or while a task runs, without waiting for the task', async () => {
    const early = AbortSignal.abort(new Error('too early'));
    await expect(openPool(1).run([echo('a')], { signal: early })).rejects.toThrow('too early');
    const controller = new AbortController();
    const onResult = (): void => controller.abort(new Error('enough'));
    const tasks = [echo('short'), echo('endless', 60_000), echo('endless', 60_000)];
    await expect(openPool(2).run(tasks, { signal: controller.signal, onResult })).rejects.toThrow('enough');
  });

  it('throws what start threw, at the first task', async () => {
    await expect(openPool(1, 'unable').run([echo('a')])).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('WorkerPool.ask', () => {
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  afterEach(() => void process.off('warning', listen));

  it('answers 50 questions that are asked at once, each with its own answer, without a warning', async () => {
    process.on('warning', listen);
    const pool = openPool(2);
    const texts = Array.from({ length: 50 }, (_, i) => `${i}`);
    const answers = await Promise.all(texts.map((text) => pool.ask(echo(text, 20 - (Number(text) % 20)))));
    expect(answers).toEqual(texts.map((text) => `hello ${text}`));
    expect(warnings).toEqual([]);
  });

  it('goes on after a task that threw and after one that was aborted', async () => {
    const pool = openPool(1);
    await expect(pool.ask({ kind: 'throw', typed: true })).rejects.toMatchObject({ code: 'too_much' });
    const controller = new AbortController();
    const aborted = pool.ask(echo('long', 60_000), { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    expect(await pool.ask(echo('still here'))).toBe('hello still here');
  });

  it('rejects what cannot be sent to a thread, and goes on', async () => {
    const pool = openPool(1);
    const task = { kind: 'echo', text: () => 'a function' } as unknown as PoolTask;
    await expect(pool.ask(task)).rejects.toThrow(/could not be cloned/);
    expect(await pool.ask(echo('a'))).toBe('hello a');
  });

  it('throws worker_lost where the worker exits, and gives the next question to a new one', async () => {
    const pool = openPool(1);
    await expect(pool.ask({ kind: 'exit', code: 3 })).rejects.toMatchObject({
      code: 'worker_lost',
      message: 'worker thread: expected an answer, got exit code 3',
    });
    expect(await pool.ask(echo('a'))).toBe('hello a');
  });

  it('throws worker_lost for every question to a closed pool', async () => {
    const closed = openPool(1);
    await closed.close();
    await expect(closed.ask(echo('a'))).rejects.toMatchObject({ code: 'worker_lost' });
  });

  it('gives the next question to a new worker where one broke while nobody was waiting', async () => {
    const pool = openPool(1);
    expect(await pool.ask({ kind: 'breakLater' })).toBe('soon');
    // Asked while it breaks, a question hears what broke it; before and after, it is answered.
    for (let i = 0; i < 30; i++) {
      const answer = await pool.ask(echo('a', 1)).catch(({ message }) => message);
      expect(['hello a', 'broken between two tasks']).toContain(answer);
    }
    expect(await pool.ask(echo('b'))).toBe('hello b');
  });

  it('throws at the first question where the module of the workers cannot be loaded', async () => {
    const pool = openPool(1, 'hello', pathToFileURL(join(folder, 'missing.mjs')));
    await expect(pool.ask(echo('a'))).rejects.toThrow(/Cannot find module .*missing\.mjs/);
  });
});

describe('WorkerPool.close', () => {
  it.each([
    ['a script', []],
    ['a file, with a flag of V8', ['--max-old-space-size=200']],
  ])('leaves nothing that keeps a process of %s alive, and may be called twice', async (_, flags) => {
    const script = `import { WorkerPool } from ${JSON.stringify(pathToFileURL(join(folder, 'worker-pool.mjs')))};
      const pool = new WorkerPool(new URL(${JSON.stringify(entry)}), 2, 'hello');
      console.log(await pool.ask({ kind: 'echo', text: 'world' }));
      await pool.close();
      await pool.close();`;
    const file = join(folder, 'main.mjs');
    writeFileSync(file, script);
    const args = flags.length === 0 ? ['--input-type=module', '-e', script] : [...flags, file];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 8000 });
    expect([stdout, stderr]).toEqual(['hello world\n', '']);
  });
});
