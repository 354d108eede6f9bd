/** The real sentence encoder, cut short, under a head of random weights. */
import { createRandom } from '../../src/train/random.ts';
import { createHead } from '../../src/train/teachers/classification-head.ts';
import type { SavedTeacher } from '../../src/train/teachers/saved-teacher.ts';
import { universalSentenceEncoder } from '../../src/train/teachers/universal-sentence-encoder.ts';
import { sentenceEncoder } from './sentence-encoder.ts';

/** A teacher whose answers mean nothing; it says that it was made with `modelId`, which is true by default. */
export async function untrainedTeacher(
  labels: readonly string[],
  { multiLabel = false, modelId: id }: { readonly multiLabel?: boolean; readonly modelId?: string } = {},
): Promise<SavedTeacher> {
  const model = { ...sentenceEncoder(60, 16, labels), multiLabel };
  const identity = await universalSentenceEncoder.identify(model);
  const modelId = id ?? identity.id;
  const { size: featureSize } = identity;
  const weights = [...createRandom(5).normals(labels.length * (featureSize + 1), 2)];
  const head = createHead({ encoderId: modelId, labels, multiLabel, featureSize, weights });
  const members = [{ weight: 1, model, modelId, head }];
  return { name: 'test-teacher', labels, multiLabel, members, metrics: { accuracy: 0.5 } };
}
