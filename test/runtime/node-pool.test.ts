import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createStudentPool, InputError, readStudent, StudentFormatError } from '../../src/runtime/node.ts';
import { createStudentPool as createPool } from '../../src/runtime/node-pool.ts';
import { convStudent, embedStudent, studentBytes } from '../support/students.ts';

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
