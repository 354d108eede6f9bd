import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createStudentPool, InputError, readStudent, StudentFormatError } from '../../src/runtime/node.ts';
import { createStudentPool as createPool, type StudentPool } from '../../src/runtime/node-pool.ts';
import { convStudent, embedStudent, IMAGE, imageStudent, studentBytes } from '../support/students.ts';

const bytes = await studentBytes(convStudent({ maxTokens: 64, maxCharacters: 1000 }));
const entry = pathToFileURL('dist/runtime/node-worker.js');
const texts = Array.from({ length: 200 }, (_, i) => `${'you won a prize! '.repeat(i % 23)}${i}`);

describe('a student pool', async () => {
  const pool = await createPool(bytes, { threads: 2 }, entry);
  afterAll(() => pool.close());

  it('predicts on two threads the same bits as one student, in the order of the texts, calls overlapping', async () => {
    const expected = readStudent(bytes).predict(texts);
    const [all, none, one] = await Promise.all([pool.predict(texts), pool.predict([]), pool.predict([texts[7]])]);
    expect(all).toEqual(expected);
    expect(none).toEqual([]);
    expect(one).toEqual([expected[7]]);
  });

  it('says of itself what the student on its threads would, verified once', () => {
    const { info } = readStudent(bytes);
    expect(pool.info).toEqual({ ...info, verified: true });
  });

  it('refuses what is no text, and names it', async () => {
    const wrong = [...texts, 3] as unknown as string[];
    await expect(pool.predict(wrong)).rejects.toThrow('inputs[200]: expected a string, got number');
    await expect(pool.predict('a' as unknown as string[])).rejects.toThrow(InputError);
  });

  it('leaves out what an aborted call has not begun, and answers the next one', async () => {
    const controller = new AbortController();
    const aborted = pool.predict(texts, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(pool.predict(texts, { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow('early');
    expect(await pool.predict(texts.slice(0, 2))).toHaveLength(2);
  });

  it('rejects what is open when it is closed, and what comes later', async () => {
    const closing = await createPool(bytes, { threads: 1 }, entry);
    const open = closing.predict(texts);
    const closed = closing.close();
    await expect(open).rejects.toThrow('got one after close()');
    await closed;
    await expect(closing.predict(['a'])).rejects.toThrow(InputError);
  });

  it('says that a thread is lost where one dies, now and later', async () => {
    const broken = await createPool(
      bytes,
      { threads: 1 },
      new URL('data:text/javascript,throw new Error("no thread")'),
    );
    await expect(broken.predict(texts)).rejects.toMatchObject({ code: 'worker_lost', message: /no thread/ });
    await expect(broken.predict(texts)).rejects.toMatchObject({ code: 'worker_lost' });
    await broken.close();
  });
});

describe('a student pool that reads images', () => {
  const pixels = IMAGE.height * IMAGE.width * IMAGE.channels;
  const all = Uint8Array.from({ length: 40 * pixels }, (_, i) => (i * i) % 251);
  const images = Array.from({ length: 40 }, (_, i) => all.subarray(i * pixels, (i + 1) * pixels));
  // As a canvas gives them, and as many lie in one file.
  const clamped = images.map((image) => new Uint8ClampedArray(all.buffer, image.byteOffset, pixels));

  it('predicts of clamped pixels the same bits as one student of plain ones', async () => {
    const file = await studentBytes(imageStudent());
    const pool = await createPool(file, { threads: 2 }, entry);
    const expected = readStudent(file).predict(images);
    expect(await pool.predict(clamped)).toEqual(expected);
    expect(await pool.predict([...images, ...clamped])).toEqual([...expected, ...expected]);
    await pool.close();
  });

  it('sends a thread the bytes of an image alone, where it views many, and leaves the view as it is', async () => {
    const thread = `
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', (inputs) => parentPort.postMessage(inputs.map(({ buffer }) => buffer.byteLength)));`;
    const measuring = new URL(`data:text/javascript,${encodeURIComponent(thread)}`);
    const pool = await createPool(await studentBytes(imageStudent()), { threads: 1 }, measuring);
    expect(await pool.predict([images[1], clamped[2]])).toEqual([pixels, pixels]);
    expect(clamped[2]).toHaveLength(pixels);
    await pool.close();
  });
});

/**
 * The thread of the pool, which dies where an input says so. What kills it listens first: imports run in their order, and
 * before any message comes.
 */
function mortalThread(): URL {
  const listener = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (inputs) => {
      if (inputs.includes('exit')) process.exit(3);
      if (inputs.includes('throw')) throw new Error('this thread is broken');
      if (inputs.includes('exit later')) setTimeout(() => process.exit(0), 20);
    });`;
  const asModule = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  return new URL(asModule(`import ${JSON.stringify(asModule(listener))};\nimport ${JSON.stringify(entry.href)};`));
}

describe('a student pool of two threads, one of which dies', () => {
  const expected = readStudent(bytes).predict(texts);

  /** Asks until a call is rejected: until its death is known the other thread may answer. */
  async function lossOf(pool: StudentPool): Promise<unknown> {
    for (;;) {
      const [call] = await Promise.allSettled([pool.predict(texts.slice(0, 20))]);
      if (call.status === 'rejected') return call.reason;
      expect(call.value).toEqual(expected.slice(0, 20));
    }
  }

  it.each([
    ['exits', 'exit', /exit code 3/],
    ['throws', 'throw', /this thread is broken/],
  ])(
    'answers calls in flight in full or rejects them as lost, all within 5 s, where it %s',
    async (_, word, message) => {
      const pool = await createPool(bytes, { threads: 2 }, mortalThread());
      expect(await pool.predict(texts)).toEqual(expected);
      const behind = Array.from({ length: 8 }, () => texts);
      const calls = [texts, [...texts, word], ...behind].map((inputs) => pool.predict(inputs));
      const lost = { code: 'worker_lost', message };
      for (const call of await Promise.allSettled(calls)) {
        if (call.status === 'fulfilled') expect(call.value.slice(0, texts.length)).toEqual(expected);
        else expect(call.reason).toMatchObject(lost);
      }
      expect(await lossOf(pool)).toMatchObject(lost);
      await expect(pool.predict(texts)).rejects.toMatchObject(lost);
      await pool.close();
    },
    5000,
  );

  it('rejects what comes after one died between two calls, and closes, within 5 s', async () => {
    const pool = await createPool(bytes, { threads: 2 }, mortalThread());
    expect(await pool.predict(['exit later'])).toHaveLength(1);
    expect(await lossOf(pool)).toMatchObject({ code: 'worker_lost', message: /exit code 0/ });
    await expect(pool.predict([])).rejects.toMatchObject({ code: 'worker_lost' });
    await pool.close();
  }, 5000);
});

describe('createStudentPool', () => {
  it('refuses a student that does not classify', async () => {
    const embedder = await studentBytes(embedStudent());
    await expect(createStudentPool(embedder)).rejects.toMatchObject({ code: 'wrong_task' });
  });

  it('refuses files that are none, and counts of threads that are none, before it starts one', async () => {
    await expect(createStudentPool(bytes.subarray(1))).rejects.toThrow(StudentFormatError);
    await expect(createStudentPool(bytes, { threads: 0 })).rejects.toThrow(
      'threads: expected a positive integer, got 0',
    );
  });
});
