/** Whole runs with teachers that are not run here, and with several at once. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import {
  type DistillationResult,
  distill,
  type RunHooks,
  readTeacher,
  resolveConfig,
  startTeacher,
  type TeacherConfig,
} from 'retort-edge/train';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startChat } from '../../support/chat-endpoint.ts';
import { type Answer, type Received, sendJson, startEndpoint } from '../../support/endpoint.ts';
import { writeGraphModel } from '../../support/graph-model.ts';
import { MESSAGES_CONFIG, writeMessages } from '../../support/messages.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('teachers');
const LABELS = ['billing', 'delivery', 'praise'];

interface Message {
  readonly text: string;
  readonly label: string;
}
let messages: readonly Message[];
let labelOf: ReadonlyMap<string, string>;

beforeAll(() => {
  writeMessages(folder);
  messages = parse(readFileSync(join(folder, 'messages.csv')), { columns: true });
  labelOf = new Map(messages.map(({ text, label }) => [text, label]));
  const lines = messages.map(({ text }) => JSON.stringify({ text, probabilities: answerTo(text) }));
  writeFileSync(join(folder, 'answers.jsonl'), lines.join('\n'));
});

/** Sure of the right label, but for every tenth text, of which it is sure of the next one. */
function answerTo(text: string): Readonly<Record<string, number>> {
  const right = LABELS.indexOf(labelOf.get(text)!);
  const said = text.length % 10 === 0 ? (right + 1) % 3 : right;
  return Object.fromEntries(LABELS.map((label, i) => [label, i === said ? 0.8 : 0.1]));
}

/** Answers with the same, in the shape of Hugging Face. */
const classify: Answer = ({ body }: Received, response) => {
  const { inputs } = body as { readonly inputs: readonly string[] };
  const scores = (text: string): readonly object[] =>
    Object.entries(answerTo(text)).map(([label, score]) => ({ label, score }));
  sendJson(response, inputs.map(scores));
};

function run(name: string, teacher: TeacherConfig, hooks?: RunHooks): Promise<DistillationResult> {
  const [student] = MESSAGES_CONFIG.students!;
  return distill(resolveConfig({ ...MESSAGES_CONFIG, teacher, students: [student], outDir: name }, folder), hooks);
}

/** Share of the test rows that the teacher is right about, from what it says. */
function expectedAccuracy({ metrics }: DistillationResult): void {
  expect(metrics.teacher.accuracy).toBeGreaterThan(0.75);
  expect(metrics.teacher.accuracy).toBeLessThan(1);
}

describe('a run with recorded answers', () => {
  it('makes a student of them, without bytes or latency of the teacher', async () => {
    const result = await run('recorded', { kind: 'recorded', path: 'answers.jsonl' });
    expectedAccuracy(result);
    const { teacher, students } = result.metrics;
    expect(teacher).toMatchObject({ name: 'answers of answers.jsonl', bytes: null, p50Ms: null, p95Ms: null });
    expect(students[0]).toMatchObject({ compression: null, speedup: null });
    expect(students[0].accuracy).toBeGreaterThan(0.5);
    const saved = await readTeacher(join(folder, 'recorded', 'teacher.json'));
    const predictor = await startTeacher(saved);
    const [{ labels }] = await predictor.predict([messages[0].text]);
    expect(labels[0].score).toBeCloseTo(0.8, 6);
    await expect(predictor.predict(['never recorded'])).rejects.toMatchObject({ code: 'missing_answers' });
    await predictor.dispose();
  }, 60_000);

  it('throws missing_answers before it trains where a text has none', async () => {
    writeFileSync(join(folder, 'few.jsonl'), JSON.stringify({ text: messages[0].text, probabilities: [1, 0, 0] }));
    await expect(run('few', { kind: 'recorded', path: 'few.jsonl' })).rejects.toMatchObject({
      code: 'missing_answers',
    });
  }, 60_000);
});

describe('a run with an endpoint', () => {
  it('makes the student that the same answers from a file make: the way of an answer is no part of it', async () => {
    const { url, received } = await startEndpoint(classify);
    const result = await run('http', { kind: 'http', url, protocol: 'huggingface' });
    expectedAccuracy(result);
    expect(received.length).toBe(Math.ceil(messages.length / 16));
    const bytes = (name: string): Buffer => readFileSync(join(folder, name, 'static.safetensors'));
    const weights = (name: string): Buffer => bytes(name).subarray(8 + Number(bytes(name).readBigUInt64LE(0)));
    expect(weights('http')).toEqual(weights('recorded'));
  }, 60_000);
});

describe('a run with a chat model', () => {
  const KEY = 'sk-do-not-tell-0815';

  it('learns from its log-probabilities; its key is in no file that the run leaves, and in no line that it says', async () => {
    vi.stubEnv('CHAT_KEY', KEY);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { url, received } = await startChat((text) => {
      const tokens = Object.entries(answerTo(text)).map(([label, p]) => ['ABC'[LABELS.indexOf(label)], p]);
      return { text: 'A', tokens: Object.fromEntries(tokens) };
    });
    const chat = { kind: 'chat', model: 'talker', baseURL: `${url}/v1`, tokenEnv: 'CHAT_KEY', concurrency: 8 } as const;
    const lines: string[] = [];
    const hooks = {
      onNotice: (line: string) => void lines.push(line),
      onProgress: (p: object) => void lines.push(JSON.stringify(p)),
    };
    expectedAccuracy(await run('chat', chat, hooks));
    expect(received).toHaveLength(messages.length);
    expect(received[0].headers.authorization).toBe(`Bearer ${KEY}`);
    expect(lines.join('\n')).toContain(`talker: ${messages.length} requests, `);
    expect(lines.join('\n')).not.toContain(KEY);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['teacher.json', 'report.html', 'metrics.json', 'static.safetensors', 'records.bin']),
    );
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name)).includes(KEY), name).toBe(false);
    }
  }, 60_000);
});

describe('a run with an ONNX model', () => {
  it('answers from its teacher.json with the probabilities of its logits, within 1e-5', async () => {
    const directory = resolve('test/train/teachers/onnx-golden/classifier');
    const { metrics } = await run('onnx', { kind: 'onnx', directory, maxTokens: 16 });
    expect(metrics.teacher).toMatchObject({ name: 'classifier', bytes: expect.any(Number), p50Ms: expect.any(Number) });
    const predictor = await startTeacher(await readTeacher(join(folder, 'onnx', 'teacher.json')));
    const [{ labels, tokens }] = await predictor.predict(['Where is my parcel?']);
    expect(tokens).toBe(7);
    // The golden logits of that text, whose labels are praise, billing, delivery.
    const odds = [0.017974436, 1.623368979, 0.795113802].map(Math.exp);
    const sum = odds.reduce((a, b) => a + b);
    expect(labels.map(({ label }) => label)).toEqual(['billing', 'delivery', 'praise']);
    for (const [i, at] of [1, 2, 0].entries()) expect(labels[i].score).toBeCloseTo(odds[at] / sum, 5);
    await predictor.dispose();
  }, 60_000);
});

describe('a run with a graph model', () => {
  it('fits a head on its features', async () => {
    const { model, preprocess } = writeGraphModel(join(folder, 'letters'), 12);
    const teacher = {
      kind: 'graph',
      model,
      preprocess,
      output: 'features',
      size: 12,
      outputName: 'projected',
    } as const;
    const { metrics } = await run('graph', teacher);
    expect(metrics.teacher.name).toBe('letters + logistic head');
    expect(metrics.teacher.accuracy).toBeGreaterThan(0.4);
    const [{ head }] = (await readTeacher(join(folder, 'graph', 'teacher.json'))).members;
    expect(head).toMatchObject({ labels: LABELS });
  }, 60_000);
});

describe('a run with a model that is trained from scratch', () => {
  const training = { epochs: 8, stepsPerEpoch: 20, learningRate: 0.01 };
  const teacher = { kind: 'scratch', buckets: 4096, hiddenSize: 16, perceptronSize: 16, training } as const;

  it('trains it on the labels, keeps it in the cache, and trains it no second time', async () => {
    const first = await run('scratch', teacher);
    expect(first.metrics.teacher.accuracy).toBeGreaterThan(0.8);
    expect(first.metrics.teacher).toMatchObject({ name: 'model trained from scratch', p50Ms: expect.any(Number) });
    const files = (): readonly string[] =>
      readdirSync(join(folder, 'cache', 'scratch'), { recursive: true }) as string[];
    const [file] = files().filter((name) => name.endsWith('.safetensors'));
    expect(files().filter((name) => name.endsWith('.safetensors'))).toHaveLength(1);
    const path = join(folder, 'cache', 'scratch', file);
    const { mtimeMs } = statSync(path);
    const [{ model }] = (await readTeacher(join(folder, 'scratch', 'teacher.json'))).members;
    expect(model.options).toMatchObject({ kind: 'scratch', file: path });
    await run('scratch-again', teacher);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    const student = (name: string): Buffer => readFileSync(join(folder, name, 'static.safetensors'));
    expect(student('scratch-again')).toEqual(student('scratch'));
  }, 120_000);

  it('refuses a file that is not what it was trained for, with invalid_model', async () => {
    const saved = await readTeacher(join(folder, 'scratch', 'teacher.json'));
    const [member] = saved.members;
    const path = join(folder, 'cache', 'broken.safetensors');
    writeFileSync(path, 'nothing');
    const broken = { ...member, model: { ...member.model, options: { ...member.model.options, file: path } } };
    await expect(startTeacher({ ...saved, members: [broken] })).rejects.toMatchObject({ code: 'invalid_model' });
    const renamed = { ...member, model: { ...member.model, labels: ['a', 'b', 'c'] } };
    await expect(startTeacher({ ...saved, members: [renamed] })).rejects.toThrow(
      'expected a model to classify for a, b, c, got one to classify for billing, delivery, praise; run retort distill again',
    );
  });

  it('refuses sizes that no file can hold, with invalid_config', async () => {
    const huge = { ...teacher, maxCharacters: 2 ** 40 };
    await expect(run('huge', huge)).rejects.toMatchObject({ code: 'invalid_config' });
  }, 60_000);
});

describe('a run with an ensemble of two kinds', () => {
  it('learns from the weighted mean of their probabilities, within 1e-6', async () => {
    const encoder = { kind: 'universal-sentence-encoder', maxCharacters: 60, maxPieces: 16 } as const;
    const members = [
      { weight: 3, teacher: { kind: 'recorded', path: 'answers.jsonl' } as const },
      { weight: 1, teacher: encoder },
    ];
    const result = await run('ensemble', { kind: 'ensemble', members });
    expect(result.metrics.teacher.name).toBe(
      'ensemble of answers of answers.jsonl, Universal Sentence Encoder lite + logistic head',
    );
    expect(result.metrics.teacher).toMatchObject({ bytes: null, p50Ms: null });
    const saved = await readTeacher(join(folder, 'ensemble', 'teacher.json'));
    const [together, alone] = [
      await startTeacher(saved),
      await startTeacher({ ...saved, members: [saved.members[1]] }),
    ];
    const texts = messages.slice(0, 20).map(({ text }) => text);
    const [mixed, encoded] = [await together.predict(texts), await alone.predict(texts)];
    for (const [i, text] of texts.entries()) {
      for (const { label, score } of mixed[i].labels) {
        const other = encoded[i].labels.find((one) => one.label === label)!.score;
        expect(score).toBeCloseTo(0.75 * answerTo(text)[label] + 0.25 * other, 6);
      }
    }
    expect(together.info.backend).toBe('recorded, tfjs-wasm');
    await Promise.all([together.dispose(), alone.dispose()]);
  }, 120_000);
});
