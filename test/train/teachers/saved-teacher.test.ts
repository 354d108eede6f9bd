import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { createHead } from '../../../src/train/teachers/classification-head.ts';
import { readTeacher, type SavedTeacher, writeTeacher } from '../../../src/train/teachers/saved-teacher.ts';
import { sentenceEncoder } from '../../support/sentence-encoder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('teacher');
const path = join(folder, 'teacher.json');

const TEACHER: SavedTeacher = {
  name: 'Universal Sentence Encoder lite',
  labels: ['ham', 'späm'],
  multiLabel: false,
  members: [
    {
      weight: 0.3,
      model: sentenceEncoder(800, 128, ['ham', 'späm']),
      modelId: 'use-lite-0',
      head: createHead({
        encoderId: 'use-lite-0',
        labels: ['ham', 'späm'],
        multiLabel: false,
        featureSize: 2,
        weights: [1 / 3, -2e-17, 3, -1, 0.1, -4e20],
      }),
    },
    { weight: 2, model: sentenceEncoder(8, 12, ['ham', 'späm']), modelId: 'gives-logits', head: null },
  ],
  metrics: { accuracy: 0.9, f1: 1 / 7 },
};

/** What a damaged file is rejected with. */
async function rejection(content: string | Uint8Array): Promise<InputError> {
  writeFileSync(path, content);
  const error = await readTeacher(path).then(
    () => new Error('it was accepted'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error.code).toBe('invalid_teacher');
  expect(error.message).toContain(`${path}: expected a teacher.json of retort distill, got `);
  return error;
}

type Json = Record<string, unknown>;

/** The file as JSON with some fields of the first member's head, options, model or itself, or of the file, changed. */
function changed(change: {
  readonly head?: Json;
  readonly options?: Json;
  readonly model?: Json;
  readonly member?: Json;
  readonly top?: Json;
}): string {
  const { members, ...rest } = JSON.parse(JSON.stringify(TEACHER));
  const [{ head, model, ...member }, ...others] = members;
  const options = { ...model.options, ...change.options };
  const first = {
    ...member,
    model: { ...model, options, ...change.model },
    head: { ...head, ...change.head },
    ...change.member,
  };
  return JSON.stringify({ ...rest, members: [first, ...others], ...change.top });
}

describe('writeTeacher and readTeacher', () => {
  it('give back the same teacher, its head with the same bits and the same id', async () => {
    await writeTeacher(path, TEACHER);
    const teacher = await readTeacher(path);
    expect(JSON.parse(JSON.stringify(teacher))).toEqual(JSON.parse(JSON.stringify(TEACHER)));
    const [head, original] = [teacher.members[0].head!, TEACHER.members[0].head!];
    expect(head.id).toBe(original.id);
    expect(head.toJSON()).toEqual(original.toJSON());
    const features = Float32Array.of(0.7, -12);
    expect(head.logits(features)).toEqual(original.logits(features));
  });

  it('leave nothing but the file behind, and replace what was there', async () => {
    writeFileSync(path, 'old');
    await writeTeacher(path, TEACHER);
    expect(readdirSync(folder)).toEqual(['teacher.json']);
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(TEACHER)}\n`);
  });

  it('make the folders of the path, and throw write_failed where there is a folder in its place', async () => {
    const deep = join(folder, 'a', 'b', 'teacher.json');
    await writeTeacher(deep, TEACHER);
    expect((await readTeacher(deep)).name).toBe(TEACHER.name);
    mkdirSync(join(folder, 'a', 'folder'));
    await expect(writeTeacher(join(folder, 'a', 'folder'), TEACHER)).rejects.toMatchObject({ code: 'write_failed' });
  });
});

describe('readTeacher', () => {
  it.each<[string, string]>([
    ['no JSON', '{"kind": '],
    ['null', 'null'],
    ['a list', '[]'],
    ['nothing', ''],
    ['another kind', changed({ options: { kind: 'bert' } })],
    ['no members', changed({ top: { members: [] } })],
    ['a weight of nothing', changed({ member: { weight: 0 } })],
    ['no model', changed({ member: { model: null } })],
    ['an option more', changed({ options: { maxWords: 8 } })],
    ['a field more', changed({ top: { version: 2 } })],
    ['no metrics', changed({ top: { metrics: undefined } })],
    ['a metric that is no number', changed({ top: { metrics: { accuracy: '0.9' } } })],
    ['another backend', changed({ model: { backend: 'webgl' } })],
    ['no characters to read', changed({ options: { maxCharacters: 0 } })],
    ['more pieces than the encoder reads', changed({ options: { maxPieces: 129 } })],
    ['half a piece', changed({ options: { maxPieces: 0.5 } })],
    ['a label that is no string', changed({ head: { labels: ['ham', 3] } })],
    ['no labels', changed({ head: { labels: [], weights: [] } })],
    ['a weight too few', changed({ head: { weights: [1, 2, 3, 4, 5] } })],
    ['a weight that is not there', changed({ head: { weights: [1, 2, 3, 4, 5, null] } })],
    ['a weight beyond every number', changed({ head: { weights: [1, 2, 3, 4, 5, 987] } }).replace('987', '1e999')],
    ['half a feature', changed({ head: { featureSize: 0.5, weights: [1, 2, 3] } })],
    ['features of another size', changed({ head: { featureSize: 5 } })],
  ])('throws invalid_teacher for %s', async (_, content) => {
    await rejection(content);
  });

  it('says which field is wrong', async () => {
    expect((await rejection(changed({ head: { labels: ['ham', 3] } }))).message).toContain('members.0.head.labels.1: ');
    expect((await rejection(changed({ head: { weights: [1] } }))).message).toContain(
      'members.0.head: 1 weights for 2 labels of 2 features; run retort distill again',
    );
    expect((await rejection('[')).message).toContain('top level: ');
    expect((await rejection('{"name": "retort"}')).message).toMatch(
      /; name the one that .*, or run retort distill again$/,
    );
  });

  it('throws invalid_teacher with the cause where there is no file, or a folder', async () => {
    for (const [name, code, got] of [
      ['missing.json', 'ENOENT', 'no such file'],
      ['', 'EISDIR', 'a folder'],
    ]) {
      await expect(readTeacher(join(folder, name))).rejects.toMatchObject({
        code: 'invalid_teacher',
        message: expect.stringMatching(new RegExp(`got ${got}; name the one that lies beside the students of a run$`)),
        cause: { code },
      });
    }
  });

  it('throws invalid_teacher wherever the file was cut off', async () => {
    const whole = `${JSON.stringify(TEACHER)}\n`;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 2 }), async (length) => {
        await rejection(whole.slice(0, length));
      }),
      { numRuns: 40 },
    );
  });
});
