/**
 * Chooses the TensorFlow.js backend: the first that is installed and loads, or the one asked for. Nothing is printed;
 * the caller gets the reason as text.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnsupportedError } from '../format/index.ts';
import { ENGINE_REVISION } from './engine/revision.ts';
import { TFJS_VERSION, TRAINING_INSTALL } from './training-packages.ts';

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
  /** What has to be installed, in the versions that were tried; the last one registers the backend. */
  readonly packages: Readonly<Record<string, string>>;
  /** Name in the registry of TensorFlow.js. */
  readonly registered: string;
  /** What the machine has to have beside them. */
  readonly needs?: string;
  /** Not taken unless it is asked for. */
  readonly onRequest?: true;
}

const BACKENDS: Readonly<Record<BackendName, BackendPackage>> = {
  'node-gpu': {
    packages: { '@tensorflow/tfjs-node-gpu': TFJS_VERSION },
    registered: 'tensorflow',
    needs: 'an NVIDIA GPU with CUDA 11 and cuDNN 8',
  },
  node: { packages: { '@tensorflow/tfjs-node': TFJS_VERSION }, registered: 'tensorflow' },
  wasm: { packages: { '@tensorflow/tfjs-backend-wasm': TFJS_VERSION }, registered: 'wasm' },
  webgpu: {
    packages: { webgpu: '0.6.2', '@tensorflow/tfjs-backend-webgpu': TFJS_VERSION },
    registered: 'webgpu',
    needs: 'a GPU with a Vulkan, Metal or Direct3D 12 driver',
    // A device may be a program on the processor, many times slower than wasm, and nothing tells.
    onRequest: true,
  },
  cpu: { packages: { '@tensorflow/tfjs-backend-cpu': TFJS_VERSION }, registered: 'cpu' },
};

/**
 * Loads a backend and makes it the current one.
 *
 * @param wanted a backend by name, or `auto`
 * @throws UnsupportedError where none loads: with code `missing_peer` and the install line where a package is missing, or
 * with code `backend_failed` and what it needs
 */
export async function chooseBackend(wanted: 'auto' | BackendName): Promise<ChosenBackend> {
  const failures: string[] = [];
  let isMissing = false;
  for (const name of BACKEND_NAMES) {
    if (wanted === 'auto' ? BACKENDS[name].onRequest : name !== wanted) continue;
    try {
      await load(name);
      const passed = failures.length === 0 ? '' : ` (${failures.join('; ')})`;
      const reason = wanted === 'auto' ? `the first that loads${passed}` : 'asked for';
      return { name, reason };
    } catch (cause) {
      const missing = missingPackage(cause, Object.keys(BACKENDS[name].packages));
      isMissing ||= missing !== null;
      const why = missing === null ? String((cause as Error).message).split('\n')[0] : `${missing} is not installed`;
      failures.push(`${name}: ${why}`);
    }
  }
  const told = `TensorFlow.js backend ${wanted}: expected one that loads, got ${failures.join('; ')}`;
  if (isMissing) throw new UnsupportedError(`${told}. Run: ${installLine(wanted)}`, { code: 'missing_peer' });
  throw new UnsupportedError(`${told}; ${adviceOn(wanted)}`, { code: 'backend_failed' });
}

function installLine(wanted: 'auto' | BackendName): string {
  if (wanted === 'auto') return TRAINING_INSTALL;
  const names = Object.entries(BACKENDS[wanted].packages).map(([name, version]) => `${name}@${version}`);
  return `npm install ${names.join(' ')}`;
}

/** What to do about a backend that is installed and does not start. */
function adviceOn(wanted: 'auto' | BackendName): string {
  const needs = wanted === 'auto' ? undefined : BACKENDS[wanted].needs;
  if (needs !== undefined) return `it needs ${needs}; without, take --backend wasm`;
  return 'install its packages again, or take --backend cpu';
}

/** What decides the last bits of a result on a backend: its name, and the revision of our own kernels where it has them. */
export function arithmeticOf(name: BackendName): string {
  return name === 'wasm' ? `wasm-${ENGINE_REVISION}` : name;
}

async function load(name: BackendName): Promise<void> {
  const { packages, registered } = BACKENDS[name];
  // Its package looks for a device when it is loaded.
  if (name === 'webgpu') await (await import('./webgpu-device.ts')).provideWebGpu();
  await import(Object.keys(packages).at(-1)!);
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

/** @returns the package whose absence is the cause; null where something else is */
function missingPackage(cause: unknown, packages: readonly string[]): string | null {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return null;
  return packages.find((name) => message.includes(`'${name}'`)) ?? packages[0];
}
