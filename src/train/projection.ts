/** Learned projections from the student's pooled features to the teacher's width; they are dropped at export. */
import { LAYER_RULES, type StudentSpec } from '../format/index.ts';
import type { Random } from './random.ts';
import type { InitialTensor } from './student-network.ts';
import type { TransferSet } from './transfer-set.ts';

/** Name of a tensor of the projection of feature term `term`. */
export function projectionName(term: number, tensor: 'weight' | 'bias'): string {
  return `projections.${term}.${tensor}`;
}

/** Width of the first vector of a text, right after pooling. */
export function pooledSize({ layers }: StudentSpec): number {
  let width = 0;
  for (const layer of layers) {
    const { outputWidth, writes } = LAYER_RULES[layer.kind];
    if (outputWidth !== null) width = (layer as unknown as Readonly<Record<string, number>>)[outputWidth];
    if (writes === 'vector') return width;
  }
  return width;
}

/** One projection a feature term, normal with variance 1 / inputs. */
export function createProjections(
  spec: StudentSpec,
  terms: number,
  { teacherFeatures }: TransferSet,
  random: Random,
): InitialTensor[] {
  if (terms === 0 || teacherFeatures === null) return [];
  const inputSize = pooledSize(spec);
  const outputSize = teacherFeatures[0].length;
  return Array.from({ length: terms }).flatMap((_, term) => [
    {
      name: projectionName(term, 'weight'),
      shape: [outputSize, inputSize],
      values: random.normals(outputSize * inputSize, Math.sqrt(1 / inputSize)),
    },
    { name: projectionName(term, 'bias'), shape: [outputSize], values: new Float32Array(outputSize) },
  ]);
}
