/** From trained weights to the bytes of a student file. */
import { encodeStudent, type Provenance, type Tensor } from '../format/index.ts';
import { type WeightPrecision, weightTensors } from './quantization.ts';
import type { TrainedStudent } from './training-run.ts';

/**
 * @param tokenizerTensors as in the task that the student was trained by
 * @returns a student file; the same student gives the same bytes
 */
export function exportStudent(
  { spec, parameters }: Pick<TrainedStudent, 'spec' | 'parameters'>,
  tokenizerTensors: ReadonlyMap<string, Tensor>,
  precision: WeightPrecision,
  provenance: Provenance,
): Promise<Uint8Array> {
  const weights = weightTensors(spec, parameters, precision);
  return encodeStudent({ spec, provenance, tensors: new Map([...tokenizerTensors, ...weights]) });
}
