import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTeacher } from '../../src/train/teachers/saved-teacher.ts';
import { universalSentenceEncoder } from '../../src/train/teachers/universal-sentence-encoder.ts';
import type { PredictResponse } from '../../src/worker/index.ts';
import { type Running, retort, startRetort } from '../support/retort.ts';
import { sentenceEncoder } from '../support/sentence-encoder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { untrainedTeacher } from '../support/untrained-teacher.ts';
import { wordStudent } from '../support/word-student.ts';

describe('retort serve', () => {
  const folder = temporaryFolder('serve');
  const student = join(folder, 'words.safetensors');

  const teacher = join(folder, 'teacher.json');

  beforeAll(async () => {
    writeFileSync(student, await wordStudent('words', ['ham', 'spam']));
    await writeTeacher(teacher, await untrainedTeacher(['ham', 'spam']));
  });

  const start = async (...options: readonly string[]): Promise<Running & { readonly url: string }> => {
    const running = startRetort(['serve', student, '--port', '0', ...options]);
    const [, url] = await running.until(/^(http:\/\/127\.0\.0\.1:\d+) serves words$/m);
    await running.until(/Ctrl-C ends it/);
    return { ...running, url };
  };

  it('answers a prediction on a free port, offers the file, and exits 0 at Ctrl-C', async () => {
    const { url, child, outcome } = await start();
    const response = await fetch(`${url}/v1/models/words/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: ['a spam', 'ham'] }),
    });
    expect(response.status).toBe(200);
    const { model, data } = (await response.json()) as PredictResponse;
    expect([model, data.map(({ labels }) => labels[0].label)]).toEqual(['words', ['spam', 'ham']]);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    await page.text();
    child.kill('SIGINT');
    expect(await outcome).toMatchObject({ code: 0, stderr: 'Ctrl-C ends it.\n' });
  });

  it('loads the teacher before it listens, and ends where that cannot be loaded', async () => {
    const running = startRetort(['serve', student, '--port', '0', '--teacher', teacher]);
    const [, url] = await running.until(/^(http:\S+) serves words, teacher$/m);
    await running.until(/^Loading the teacher\.\nCtrl-C ends it\.$/m);
    const health = await fetch(`${url}/health`);
    expect(await health.json()).toEqual({ live: true, ready: true });
    const card = await fetch(`${url}/v1/models/teacher`);
    expect(await card.json()).toMatchObject({ id: 'teacher', name: 'test-teacher', role: 'teacher' });
    running.child.kill('SIGINT');
    expect((await running.outcome).code).toBe(0);

    const broken = join(folder, 'broken.json');
    const model = { ...sentenceEncoder(60, 16, ['ham', 'spam']), backend: 'node-gpu' } as const;
    const { id: modelId } = await universalSentenceEncoder.identify(model);
    const untrained = await untrainedTeacher(model.labels, { modelId });
    await writeTeacher(broken, { ...untrained, members: untrained.members.map((member) => ({ ...member, model })) });
    const { code, stdout, stderr } = await retort(['serve', student, '--port', '0', '--teacher', broken]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Run: npm install @tensorflow/tfjs-node-gpu');
  });

  it('exits 0 at SIGTERM, too', async () => {
    const { child, outcome } = await start();
    child.kill('SIGTERM');
    expect((await outcome).code).toBe(0);
  });

  it('--no-page leaves the API alone, --cors lets an origin call', async () => {
    const { url, child, outcome } = await start('--no-page', '--cors', 'https://example.com');
    const page = await fetch(url);
    await page.text();
    expect(page.status).toBe(404);
    const models = await fetch(`${url}/v1/models`, { headers: { origin: 'https://example.com' } });
    await models.text();
    expect(models.headers.get('access-control-allow-origin')).toBe('https://example.com');
    child.kill('SIGINT');
    expect((await outcome).code).toBe(0);
  });

  it.each([
    ['students', []],
    ['a teacher beside them', ['--teacher', teacher]],
  ])('exits 2 and names the port where it is in use, with %s', async (_, options) => {
    const other = createServer();
    const port = await new Promise<number>((done) => {
      other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port));
    });
    try {
      const { code, stdout, stderr } = await retort(['serve', student, ...options, '--port', String(port)]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`port ${port} on 127.0.0.1: expected to listen, but it is in use`);
    } finally {
      other.close();
    }
  });
});
