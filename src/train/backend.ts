/**
 * Chooses the TensorFlow.js backend: the first that is installed and loads, or the one asked for. Nothing is printed;
 * the caller gets the reason as text.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnsupportedError } from '../format/index.ts';
import { ENGINE_REVISION } from './engine/revision.ts';
import { TRAINING_INSTALL } from './training-packages.ts';

/** Backends by the name that users give. */
export type BackendName = 'node-gpu' | 'node' | 'wasm' | 'webgpu' | 'cpu';

/** A backend that is set up, and why it is this one. */
export interface ChosenBackend {
  readonly name: BackendName;
  readonly reason: string;
}

interface BackendPackage {
  readonly name: BackendName;
  readonly package: string;
  /** Name in the registry of TensorFlow.js. */
  readonly registered: string;
  /** Not taken unless it is asked for. */
  readonly onRequest?: true;
}

/** In the order of preference. */
const BACKENDS: readonly BackendPackage[] = [
  { name: 'node-gpu', package: '@tensorflow/tfjs-node-gpu', registered: 'tensorflow' },
  { name: 'node', package: '@tensorflow/tfjs-node', registered: 'tensorflow' },
  { name: 'wasm', package: '@tensorflow/tfjs-backend-wasm', registered: 'wasm' },
  // A device may be a program on the processor, many times slower than wasm, and nothing tells.
  { name: 'webgpu', package: '@tensorflow/tfjs-backend-webgpu', registered: 'webgpu', onRequest: true },
  { name: 'cpu', package: '@tensorflow/tfjs-backend-cpu', registered: 'cpu' },
];

/**
 * Loads a backend and makes it the current one.
 *
 * @param wanted a backend by name, or `auto`
 * @throws UnsupportedError with the install line where none loads
 */
export async function chooseBackend(wanted: 'auto' | BackendName): Promise<ChosenBackend> {
  const failures: string[] = [];
  for (const backend of BACKENDS) {
    if (wanted === 'auto' ? backend.onRequest : backend.name !== wanted) continue;
    try {
      await load(backend);
      const passed = failures.length === 0 ? '' : ` (${failures.join('; ')})`;
      const reason = wanted === 'auto' ? `the first that loads${passed}` : 'asked for';
      return { name: backend.name, reason };
    } catch (cause) {
      failures.push(`${backend.name}: ${shortReason(cause, backend.package)}`);
    }
  }
  const install = wanted === 'auto' ? TRAINING_INSTALL : `npm install ${packageOf(wanted)}`;
  throw new UnsupportedError(
    `TensorFlow.js backend ${wanted}: expected one that loads, got ${failures.join('; ')}. Run: ${install}`,
    { code: 'missing_peer' },
  );
}

/** What decides the last bits of a result on a backend: its name, and the revision of our own kernels where it has them. */
export function arithmeticOf(name: BackendName): string {
  return name === 'wasm' ? `wasm-${ENGINE_REVISION}` : name;
}

function packageOf(name: BackendName): string {
  return BACKENDS.find((backend) => backend.name === name)?.package ?? name;
}

async function load(backend: BackendPackage): Promise<void> {
  // Its package looks for a device when it is loaded.
  if (backend.name === 'webgpu') await (await import('./webgpu-device.ts')).provideWebGpu();
  await import(backend.package);
  if (backend.name === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(join(dirname(entry), '..', 'wasm-out', '/'));
  }
  const tf = await import('@tensorflow/tfjs-core');
  if (!(await tf.setBackend(backend.registered))) throw new Error('it does not start');
  await tf.ready();
  if (backend.name === 'wasm') (await import('./engine/install.ts')).installEngine();
}

function shortReason(cause: unknown, name: string): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return `${name} is not installed`;
  return String(message).split('\n')[0];
}
