/** The networks by kind: what each is built from, as plain data that can go to a thread. */
import type { StudentSpec, Tensor } from '../format/index.ts';
import type { Network } from './network.ts';
import type { EncoderNetworkTask } from './teachers/encoder/encoder-network.ts';

/** A student. */
export interface StudentNetworkTask {
  readonly kind: 'student';
  readonly spec: StudentSpec;
  /** Tensors of the tokenizer, e.g. a vocabulary; none for hashed n-grams. */
  readonly tokenizerTensors: ReadonlyMap<string, Tensor>;
}

/** Everything that a network is built from: structured-clonable. */
export type NetworkTask = StudentNetworkTask | EncoderNetworkTask;

/** Builds a network; what a kind needs is loaded with the first of it. */
export async function buildNetwork(task: NetworkTask): Promise<Network> {
  switch (task.kind) {
    case 'student': {
      const { StudentNetwork } = await import('./student-network.ts');
      return new StudentNetwork(task);
    }
    case 'encoder': {
      const { EncoderNetwork } = await import('./teachers/encoder/encoder-network.ts');
      return EncoderNetwork.build(task);
    }
  }
}
