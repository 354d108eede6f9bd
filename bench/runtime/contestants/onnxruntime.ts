/** ONNX Runtime, in WebAssembly and native, on one thread; both have the same interface. */
import type { InferenceSession, TypedTensor } from 'onnxruntime-node';
import type { Input } from '../case.ts';
import type { Contestant, Runner, StudentFiles } from './contestant.ts';

/** The part of `onnxruntime-web` and `onnxruntime-node` that is used. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number } };
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => TypedTensor<'int64'>;
}

/** Loads ONNX Runtime, whose package is one of bench/package.json, and not known to the compiler. */
export async function onnxRuntime(name: string, format: keyof StudentFiles): Promise<Contestant> {
  const runtime = (await import(name)) as OnnxRuntime;
  runtime.env.wasm.numThreads = 1;
  return { load: (files) => load(runtime, files[format]!) };
}

async function load({ InferenceSession, Tensor }: OnnxRuntime, bytes: Uint8Array): Promise<Runner> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  return {
    prepare({ ids, batch, seqLen }: Input) {
      const feeds = { ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [batch, seqLen]) };
      return async () => (await session.run(feeds)).logits.data as Float32Array;
    },
    dispose: () => session.release(),
  };
}
