/** Learned projections from the pooled features to the teacher's width; they are dropped at export. */
import type { Random } from './random.ts';
import type { TrainedTensor } from './trainer/trainable-model.ts';

/** Name of a tensor of the projection of feature term `term`. */
export function projectionName(term: number, tensor: 'weight' | 'bias'): string {
  return `projections.${term}.${tensor}`;
}

/** The tensors of one projection a feature term. */
export function projectionTensors(terms: number, inputSize: number, outputSize: number): readonly TrainedTensor[] {
  return Array.from({ length: terms }).flatMap((_, term): TrainedTensor[] => [
    { name: projectionName(term, 'weight'), shape: [outputSize, inputSize], decays: true, trains: true },
    { name: projectionName(term, 'bias'), shape: [outputSize], decays: false, trains: true },
  ]);
}

/** First values by name: weights normal with variance 1 / inputs, biases 0. */
export function initializeProjections(
  tensors: readonly TrainedTensor[],
  random: Random,
): ReadonlyMap<string, Float32Array> {
  return new Map(
    tensors.map(({ name, shape: [outputSize, inputSize = 0] }) => [
      name,
      inputSize === 0
        ? new Float32Array(outputSize)
        : random.normals(outputSize * inputSize, Math.sqrt(1 / inputSize)),
    ]),
  );
}
