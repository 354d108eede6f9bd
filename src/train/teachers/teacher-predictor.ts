/** A teacher that answers: the encoder in a worker thread, so that the thread that asks goes on, and the head here. */
import { InputError } from '../../format/index.ts';
import type { Prediction, PredictOptions, Predictor, PredictorInfo } from '../../runtime/index.ts';
import { createTokenizer } from '../../runtime/index.ts';
import { logSoftmaxRows, sigmoid } from '../losses/probabilities.ts';
import { WorkerPool } from '../worker-pool.ts';
import type { SavedTeacher } from './saved-teacher.ts';
import { identifySentenceEncoder, readSentenceEncoderVocabulary } from './universal-sentence-encoder.ts';

/** A running teacher; `dispose` ends its thread. */
export interface TeacherPredictor extends Predictor {
  predict(texts: readonly string[], options?: PredictOptions): Promise<readonly Prediction[]>;
  dispose(): Promise<void>;
}

/**
 * Starts a teacher. The model is loaded by its first answer.
 *
 * @param workerEntry module of the worker thread; the bundled one where it is left out
 * @throws InputError with code `invalid_teacher` where the head was fitted on another encoder than the one installed
 */
export async function startTeacher(
  { name, encoder, head, metrics }: SavedTeacher,
  workerEntry: URL = new URL('../train/labelling-worker.js', import.meta.url),
): Promise<TeacherPredictor> {
  const { id, bytes } = await identifySentenceEncoder(encoder);
  if (id !== head.toJSON().encoderId) {
    const message = `teacher ${name}: expected encoder ${head.toJSON().encoderId}, got ${id}; run retort distill again`;
    throw new InputError(message, { code: 'invalid_teacher' });
  }
  const vocabulary = await readSentenceEncoderVocabulary();
  const limits = { maxCharacters: encoder.maxCharacters, maxTokens: encoder.maxPieces };
  const tokenizer = createTokenizer(vocabulary.spec, limits, vocabulary.tensors);
  const pool = new WorkerPool<readonly string[], readonly Float32Array[]>(workerEntry, 1, encoder);
  const { labels, multiLabel } = head;
  const info: PredictorInfo = {
    name,
    role: 'teacher',
    task: 'classify',
    labels,
    multiLabel,
    bytes,
    backend: `tfjs-${encoder.backend}`,
    metrics,
  };
  return {
    info,
    async predict(texts, { signal } = {}) {
      const features = await pool.ask(texts, signal === undefined ? {} : { signal });
      return features.map((vector, i) => {
        const scores = probabilities(head.logits(vector), multiLabel);
        const ranked = labels.map((label, at) => ({ label, score: scores[at] })).sort((a, b) => b.score - a.score);
        const { count, truncated } = tokenizer.encode(texts[i]);
        return { labels: ranked, tokens: count, truncated };
      });
    },
    dispose: () => pool.close(),
  };
}

function probabilities(logits: Float32Array, multiLabel: boolean): ArrayLike<number> {
  if (multiLabel) return Float64Array.from(logits, sigmoid);
  return logSoftmaxRows({ rows: 1, columns: logits.length, data: logits }).map(Math.exp);
}
