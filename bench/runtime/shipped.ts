/** What a page fetches to run students, gzip -9: scripts and WebAssembly; of Retort on SIMD128, one module. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ContestantName } from './contestants/names.ts';

const MODULES = 'bench/node_modules';
const ONNX_WEB = [
  `${MODULES}/onnxruntime-web/dist/ort.wasm.bundle.min.mjs`,
  `${MODULES}/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm`,
];

/** Files of each, as it is published; none where it runs on no page. Retort's two modules are inside its script. */
const FILES: { readonly [Name in ContestantName]: readonly string[] } = {
  'retort-relaxed': ['dist/runtime/standalone.js'],
  'retort-simd': ['dist/runtime/standalone.js'],
  'retort-scalar': ['dist/runtime/standalone.js'],
  'onnxruntime-web-int8': ONNX_WEB,
  'onnxruntime-web-fp32': ONNX_WEB,
  'onnxruntime-node-int8': [],
  'tfjs-wasm': [
    `${MODULES}/@tensorflow/tfjs-core/dist/tf-core.min.js`,
    `${MODULES}/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js`,
    `${MODULES}/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`,
  ],
  'fasttext-wasm': [
    `${MODULES}/fasttext.wasm.js/dist/core/fastText.common.js`,
    `${MODULES}/fasttext.wasm.js/dist/core/fastText.common.wasm`,
  ],
};

/** Bytes of all files of a contestant, or null. */
export async function shippedBytes(contestant: ContestantName): Promise<number | null> {
  const files = FILES[contestant];
  if (files.length === 0) return null;
  if (contestant === 'retort-simd') {
    const { buildStandalone } = await import(resolve('scripts/build-standalone.mjs'));
    return gzipSync((await buildStandalone(false)).code, { level: 9 }).length;
  }
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(file), { level: 9 }).length));
  return sizes.reduce((a, b) => a + b, 0);
}
