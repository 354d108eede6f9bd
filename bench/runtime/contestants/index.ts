/** Loads a contestant by its name. What it imports is in memory when it comes back; no student is. */
import { readsTexts } from '../case.ts';
import type { Entry } from '../job.ts';
import type { Contestant, StudentFiles } from './contestant.ts';
import { FLOORS, RETORT_BACKENDS } from './names.ts';
import { onnxRuntime } from './onnxruntime.ts';

/**
 * @param format for ONNX Runtime in Node, the weights that its processor multiplies right
 * @returns null where the contestant cannot run the student
 */
export async function loadContestant(
  { contestant: name, student, folder }: Entry,
  format: NodeFormat = 'onnxInt8',
): Promise<Contestant | null> {
  const isText = readsTexts(student);
  switch (name) {
    case 'retort-relaxed':
    case 'retort-simd':
    case 'retort-scalar': {
      const { inlinedModules } = await import('../../../src/runtime/kernels/inlined.ts');
      const { retortOnIds, retortOnTexts } = await import('./retort.ts');
      const load = isText ? retortOnTexts : retortOnIds;
      return { load: (files) => load(inlinedModules, files.student, RETORT_BACKENDS[name]) };
    }
    case 'onnxruntime-web-int8':
      return isText ? null : onnxRuntime('onnxruntime-web/wasm', 'onnxInt8');
    case 'onnxruntime-web-fp32':
      return isText ? null : onnxRuntime('onnxruntime-web/wasm', 'onnxFloat');
    case 'onnxruntime-node-int8':
      return isText ? null : onnxRuntime('onnxruntime-node', format);
    case 'tfjs-wasm':
      return isText ? null : (await import('./tfjs-wasm.ts')).tfjsWasm();
    case 'fasttext-wasm':
      return student === 'static-words' ? (await import('./fasttext-wasm.ts')).fastTextWasm() : null;
    case 'floor-relaxed':
    case 'floor-simd':
      return (await import('./floor.ts')).floorOf(FLOORS[name], folder);
  }
}

/** Weights of an ONNX file in integers. */
export type NodeFormat = Extract<keyof StudentFiles, 'onnxInt8' | 'onnxUint8'>;
