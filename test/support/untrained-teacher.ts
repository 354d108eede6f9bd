/** The real sentence encoder, cut short, under a head of random weights. */
import { createRandom } from '../../src/train/random.ts';
import { createHead } from '../../src/train/teachers/classification-head.ts';
import type { SavedTeacher } from '../../src/train/teachers/saved-teacher.ts';
import { FEATURE_SIZE, identifySentenceEncoder } from '../../src/train/teachers/universal-sentence-encoder.ts';

const ENCODER = { maxCharacters: 60, maxPieces: 16, backend: 'wasm' } as const;

/** A teacher whose answers mean nothing; it says that its head was fitted on `encoderId`, which is true by default. */
export async function untrainedTeacher(
  labels: readonly string[],
  { multiLabel = false, encoderId }: { readonly multiLabel?: boolean; readonly encoderId?: string } = {},
): Promise<SavedTeacher> {
  const id = encoderId ?? (await identifySentenceEncoder(ENCODER)).id;
  const weights = [...createRandom(5).normals(labels.length * (FEATURE_SIZE + 1), 2)];
  const head = createHead({ encoderId: id, labels, multiLabel, featureSize: FEATURE_SIZE, weights });
  return {
    kind: 'universal-sentence-encoder',
    name: 'test-teacher',
    encoder: ENCODER,
    head,
    metrics: { accuracy: 0.5 },
  };
}
