/**
 * The engine: own kernels that work in place on the linear memory of TensorFlow.js's wasm backend. The memory may grow
 * with any allocation, so nobody keeps a view of it; addresses stay valid.
 */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../format/index.ts';
import type { EngineExports } from './exports.ts';
import { ENGINE_WASM_BASE64 } from './simd.generated.ts';

/** What the engine uses of TensorFlow.js's `BackendWasm`. */
export interface WasmBackend {
  /** Emscripten's module; `asm` holds the exports of the instance. */
  readonly wasm: {
    readonly asm: Readonly<Record<string, unknown>>;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  incRef(dataId: object): void;
}

/** The kernels of one backend instance. */
export interface Engine {
  readonly kernels: EngineExports;
  /** A new tensor, its numbers undefined. */
  output(shape: readonly number[], dtype?: DataType): TensorInfo;
  /** Where the numbers of a tensor lie. */
  address(tensor: TensorInfo): number;
  /** At least `bytes` of scratch, valid until the next call of `scratch` or `upload`. */
  scratch(bytes: number): number;
  /** Scratch that begins with `numbers`, and behind them, at `end`, has room for `bytes` more. */
  upload(numbers: ArrayLike<number>, bytes?: number): { readonly address: number; readonly end: number };
}

const engines = new WeakMap<object, Engine>();
let compiled: WebAssembly.Module | null = null;

/**
 * The engine of a wasm backend, made on first use.
 *
 * @throws UnsupportedError where the backend does not show its memory, or the host has no SIMD128
 */
export function engineOf(backend: unknown): Engine {
  const known = engines.get(backend as object);
  if (known !== undefined) return known;
  const engine = createEngine(backend as WasmBackend);
  engines.set(backend as object, engine);
  return engine;
}

function createEngine(backend: WasmBackend): Engine {
  const memory = memoryOf(backend);
  compiled ??= new WebAssembly.Module(Buffer.from(ENGINE_WASM_BASE64, 'base64'));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  let kept = { address: 0, bytes: 0 };
  const scratch = (bytes: number): number => {
    if (bytes > kept.bytes) {
      if (kept.bytes > 0) backend.wasm._free(kept.address);
      kept = { address: backend.wasm._malloc(bytes) >>> 0, bytes };
    }
    return kept.address;
  };
  return {
    kernels: instance.exports as unknown as EngineExports,
    output: (shape, dtype = 'float32') => backend.makeOutput([...shape], dtype),
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset,
    scratch,
    upload(numbers, bytes = 0) {
      const size = 16 * Math.ceil((4 * numbers.length) / 16);
      const address = scratch(size + bytes);
      new Int32Array(memory.buffer, address, numbers.length).set(numbers);
      return { address, end: address + size };
    },
  };
}

function memoryOf(backend: WasmBackend): WebAssembly.Memory {
  const memory = Object.values(backend.wasm.asm ?? {}).find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) {
    throw new UnsupportedError(
      'wasm backend of TensorFlow.js: expected its instance to export its memory, got none; ' +
        'install @tensorflow/tfjs-backend-wasm 4.22',
    );
  }
  return memory;
}
