/** Which tensors a spec needs: their names, shapes, and whether they may be int8. */
import { LAYER_RULES, type LayerSpec } from './layers.ts';
import type { DType, StudentSpec } from './spec.ts';

/** What the format asks of one tensor. */
export interface TensorNeed {
  /** Null where the number of elements is known only from another tensor (`tokenizer.pieces`). */
  readonly shape: readonly number[] | null;
  /** F32, U8, or a matrix that is either F32 or I8 with a companion `<name>.scale`. */
  readonly type: 'F32' | 'U8' | 'quantizable';
}

/** Name of the tensor that holds one scale a row of the int8 tensor `name`. */
export function scaleName(name: string): string {
  return `${name}.scale`;
}

/** Every tensor that a student of this spec has, scales of int8 tensors not counted, in the order of its layers. */
export function studentTensors(spec: StudentSpec): ReadonlyMap<string, TensorNeed> {
  const needs = new Map<string, TensorNeed>();
  const tokenizer = 'tokenizer' in spec ? spec.tokenizer : null;
  if (tokenizer !== null && tokenizer.kind !== 'hashed') {
    const shape = [tokenizer.vocabSize];
    needs.set('tokenizer.pieces', { shape: null, type: 'U8' });
    needs.set('tokenizer.lengths', { shape, type: 'U8' });
    if (tokenizer.kind === 'unigram') needs.set('tokenizer.scores', { shape, type: 'F32' });
    if (tokenizer.kind === 'bpe') {
      needs.set('tokenizer.splits', { shape, type: 'U8' });
      if (tokenizer.order === 'ranks') needs.set('tokenizer.ranks', { shape, type: 'F32' });
    }
  }
  collect(spec.layers, 'layers', needs);
  return needs;
}

/** Name of layer `index` of the chain called `prefix`; a nested chain is called by the name of its layer. */
export function layerName(prefix: string, index: number): string {
  return `${prefix}.${index}`;
}

function collect(layers: readonly LayerSpec[], prefix: string, needs: Map<string, TensorNeed>): void {
  for (const [i, layer] of layers.entries()) {
    const name = layerName(prefix, i);
    const sizes = layer as unknown as Readonly<Record<string, number>>;
    for (const [tensor, dimensions] of Object.entries(LAYER_RULES[layer.kind].tensors ?? {})) {
      const shape = dimensions.map((field) => sizes[field]);
      needs.set(`${name}.${tensor}`, { shape, type: shape.length > 1 ? 'quantizable' : 'F32' });
    }
    if (layer.kind === 'residual') collect(layer.layers, name, needs);
  }
}

/** The dtypes that satisfy a need. */
export function dtypesOf(need: TensorNeed): readonly DType[] {
  return need.type === 'quantizable' ? ['I8', 'F32'] : [need.type];
}
