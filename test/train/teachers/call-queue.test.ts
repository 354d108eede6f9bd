import { describe, expect, it } from 'vitest';
import { BusyError } from '../../../src/format/index.ts';
import { CallQueue } from '../../../src/train/teachers/call-queue.ts';

/** Calls that end when they are told to, and write down when they began. */
function calls(queue: CallQueue): {
  readonly began: string[];
  start(name: string, signal?: AbortSignal): Promise<string>;
  end(name: string): void;
} {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    began,
    start: (name, signal) =>
      queue.run(async () => {
        began.push(name);
        await new Promise<void>((done) => void ends.set(name, done));
        return name;
      }, signal),
    end: (name) => ends.get(name)!(),
  };
}

const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

describe('CallQueue', () => {
  it('runs calls in order, no more at once than it may', async () => {
    const { began, start, end } = calls(new CallQueue('model', 2, 8));
    const all = ['a', 'b', 'c', 'd'].map((name) => start(name));
    expect(began).toEqual(['a', 'b']);
    end('b');
    expect(await all[1]).toBe('b');
    await soon();
    expect(began).toEqual(['a', 'b', 'c']);
    end('c');
    await soon();
    for (const name of ['a', 'd']) end(name);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
    const last = start('e');
    expect(began).toEqual(['a', 'b', 'c', 'd', 'e']);
    end('e');
    await last;
  });

  it('throws busy where as many calls wait as may, and takes the next when one has gone', async () => {
    const { start, end } = calls(new CallQueue('teacher x', 1, 1));
    const running = start('a');
    const waiting = start('b');
    const refused = start('c');
    await expect(refused).rejects.toBeInstanceOf(BusyError);
    await expect(refused).rejects.toMatchObject({
      code: 'busy',
      message: 'teacher x: expected at most 1 waiting calls, got one more; try later',
    });
    end('a');
    await running;
    await soon();
    const next = start('d');
    end('b');
    await waiting;
    await soon();
    end('d');
    expect(await next).toBe('d');
  });

  it('lets a call that waits leave when it is aborted, with the reason, and never starts it', async () => {
    const { began, start, end } = calls(new CallQueue('model', 1, 1));
    const running = start('a');
    const controller = new AbortController();
    const waiting = start('b', controller.signal);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(start('c', AbortSignal.abort(new Error('too early')))).rejects.toThrow('too early');
    const next = start('d');
    end('a');
    await running;
    await soon();
    end('d');
    await next;
    expect(began).toEqual(['a', 'd']);
  });

  it('goes on after a call that throws', async () => {
    const queue = new CallQueue('model', 1, 1);
    await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await queue.run(() => Promise.resolve(1))).toBe(1);
  });
});
