/**
 * Chooses the TensorFlow.js backend: the first that is installed and loads, or the one asked for. Nothing is printed;
 * the caller gets the reason as text.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnsupportedError } from '../format/index.ts';
import { ENGINE_REVISION } from './engine/revision.ts';
import { TRAINING_INSTALL } from './training-packages.ts';

/** Backends by the name that users give, in the order of preference. */
export const BACKEND_NAMES = ['node-gpu', 'node', 'wasm', 'webgpu', 'cpu'] as const;

/** One of them. */
export type BackendName = (typeof BACKEND_NAMES)[number];

/** A backend that is set up, and why it is this one. */
export interface ChosenBackend {
  readonly name: BackendName;
  readonly reason: string;
}

interface BackendPackage {
  /** What has to be installed; the last one registers the backend with TensorFlow.js. */
  readonly packages: readonly string[];
  /** Name in the registry of TensorFlow.js. */
  readonly registered: string;
  /** Not taken unless it is asked for. */
  readonly onRequest?: true;
}

const BACKENDS: Readonly<Record<BackendName, BackendPackage>> = {
  'node-gpu': { packages: ['@tensorflow/tfjs-node-gpu'], registered: 'tensorflow' },
  node: { packages: ['@tensorflow/tfjs-node'], registered: 'tensorflow' },
  wasm: { packages: ['@tensorflow/tfjs-backend-wasm'], registered: 'wasm' },
  // A device may be a program on the processor, many times slower than wasm, and nothing tells.
  webgpu: { packages: ['webgpu', '@tensorflow/tfjs-backend-webgpu'], registered: 'webgpu', onRequest: true },
  cpu: { packages: ['@tensorflow/tfjs-backend-cpu'], registered: 'cpu' },
};

/**
 * Loads a backend and makes it the current one.
 *
 * @param wanted a backend by name, or `auto`
 * @throws UnsupportedError with the install line where none loads
 */
export async function chooseBackend(wanted: 'auto' | BackendName): Promise<ChosenBackend> {
  const failures: string[] = [];
  for (const name of BACKEND_NAMES) {
    if (wanted === 'auto' ? BACKENDS[name].onRequest : name !== wanted) continue;
    try {
      await load(name);
      const passed = failures.length === 0 ? '' : ` (${failures.join('; ')})`;
      const reason = wanted === 'auto' ? `the first that loads${passed}` : 'asked for';
      return { name, reason };
    } catch (cause) {
      failures.push(`${name}: ${shortReason(cause, BACKENDS[name].packages)}`);
    }
  }
  const install = wanted === 'auto' ? TRAINING_INSTALL : `npm install ${BACKENDS[wanted].packages.join(' ')}`;
  throw new UnsupportedError(
    `TensorFlow.js backend ${wanted}: expected one that loads, got ${failures.join('; ')}. Run: ${install}`,
    { code: 'missing_peer' },
  );
}

/** What decides the last bits of a result on a backend: its name, and the revision of our own kernels where it has them. */
export function arithmeticOf(name: BackendName): string {
  return name === 'wasm' ? `wasm-${ENGINE_REVISION}` : name;
}

async function load(name: BackendName): Promise<void> {
  const { packages, registered } = BACKENDS[name];
  // Its package looks for a device when it is loaded.
  if (name === 'webgpu') await (await import('./webgpu-device.ts')).provideWebGpu();
  await import(packages[packages.length - 1]);
  if (name === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(join(dirname(entry), '..', 'wasm-out', '/'));
  }
  const tf = await import('@tensorflow/tfjs-core');
  if (!(await tf.setBackend(registered))) throw new Error('it does not start');
  await tf.ready();
  if (name === 'wasm') (await import('./engine/install.ts')).installEngine();
}

function shortReason(cause: unknown, packages: readonly string[]): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  const missing = packages.find((name) => message.includes(`'${name}'`)) ?? packages[0];
  return isMissing ? `${missing} is not installed` : String(message).split('\n')[0];
}
