/**
 * Teacher of recorded answers: a JSON Lines file in which another program, whatever it was, left what it says about
 * each text. Nothing is run here; the file has to know every text.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../../format/index.ts';
import { fileFault } from '../../file-fault.ts';
import type { ModelIdentity, ModelSpec, TeacherModel } from '../teacher.ts';
import type { TeacherKind } from '../teacher-kind.ts';
import { readRecordedAnswers } from './recorded-answers.ts';
import type { RecordedOptions } from './recorded-config.ts';

/** Changes whenever this code would change an output. */
const REVISION = 1;

const SCHEMA = v.strictObject({
  kind: v.literal('recorded'),
  path: v.pipe(v.string(), v.nonEmpty('Expected a file')),
  textKey: v.optional(v.pipe(v.string(), v.nonEmpty('Expected a key')), 'text'),
  labels: v.optional(v.nullable(v.array(v.string())), null),
});

/** The kind. */
export const recorded: TeacherKind<RecordedOptions> = {
  schema: SCHEMA as v.GenericSchema<unknown, RecordedOptions>,
  keys: Object.keys(SCHEMA.entries),
  paths: ['path'],
  answersKnownTexts: true,
  runsIn: 'requests',
  batchSize: 1000,
  identify,
  load,
};

async function identify({ options, labels, multiLabel }: ModelSpec<RecordedOptions>): Promise<ModelIdentity> {
  const { path, textKey, labels: order } = options;
  const hash = createHash('sha256').update(JSON.stringify({ REVISION, textKey, order, labels, multiLabel }));
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new InputError(`${path}: expected a file of recorded answers, got ${fileFault(cause)}; check the path`, {
      code: 'invalid_teacher',
      cause,
    });
  }
  return {
    id: `recorded-${hash.digest('hex').slice(0, 32)}`,
    name: `answers of ${basename(path)}`,
    output: 'logits',
    size: labels.length,
    // The model is somewhere else; the file is no measure of it.
    bytes: null,
  };
}

async function load(spec: ModelSpec<RecordedOptions>): Promise<TeacherModel> {
  const { path } = spec.options;
  const answers = await readRecordedAnswers(spec);
  const check = async (texts: AsyncIterable<string> | Iterable<string>): Promise<void> => {
    const missing = new Set<string>();
    let count = 0;
    for await (const text of texts) {
      count++;
      if (!answers.has(text)) missing.add(text);
    }
    if (missing.size === 0) return;
    const [first] = missing;
    const got = `${missing.size} of ${count} missing, the first ${JSON.stringify(first.slice(0, 80))}`;
    const message = `${path}: expected an answer for every text of train, dev and test, got ${got}; record those as well`;
    throw new InputError(message, { code: 'missing_answers' });
  };
  return {
    prepare: check,
    async run(texts) {
      await check(texts);
      return texts.map((text) => answers.get(text)!);
    },
    dispose: () => answers.clear(),
  };
}
