/**
 * Teacher: an encoder of the BERT family (BERT, MiniLM, DistilBERT, RoBERTa) in a Hugging Face directory. As it is, it
 * gives pooled features, on which a head is fitted, or logits by the checkpoint's own head; fine-tuned, it learns the task together with its head.
 */
import { readTokenizer } from '../../tokenizers/tokenizer-json.ts';
import { resolveTrainingFile } from '../../training-packages.ts';
import type { TeacherKind } from '../teacher-kind.ts';
import type { EncoderOptions } from './encoder-config.ts';
import { ENCODER_KEYS, ENCODER_SCHEMA } from './encoder-schema.ts';
import { readEncoderSpec } from './encoder-spec.ts';
import { readEncoderTokenizer } from './encoder-tokenizer.ts';
import { fineTuneEncoder } from './fine-tune.ts';
import { identifyEncoder } from './identify.ts';

/** The kind; its `load` runs on the current TensorFlow.js backend. */
export const encoder: TeacherKind<EncoderOptions> = {
  schema: ENCODER_SCHEMA,
  keys: ENCODER_KEYS,
  paths: ['directory'],
  tasks: ['classify', 'embed'],
  runsIn: 'threads',
  batchSize: 32,
  async identify(spec) {
    resolveTrainingFile('@tensorflow/tfjs-core/package.json');
    return identifyEncoder(spec);
  },
  async load(spec) {
    // TensorFlow.js comes with it.
    const { loadEncoder } = await import('./load.ts');
    return loadEncoder(spec);
  },
  needsFit: ({ fineTune }) => fineTune !== null,
  fittedOutput: 'features',
  fit: (spec, context, hooks) => fineTuneEncoder(spec, context, hooks),
  tokenizer: async (options) => readEncoderTokenizer(options, await readEncoderSpec(options.directory)),
  vocabulary: ({ directory }) => readTokenizer(directory),
};
