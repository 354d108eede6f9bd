/** Which tensors a spec needs: their names, and the dtypes and shapes that they may have. */
import { INT4_GROUP_SIZE } from './int4.ts';
import { LAYER_RULES, type LayerSpec } from './layers.ts';
import type { DType, StudentSpec } from './spec.ts';

/** One way to store a tensor. */
export interface TensorForm {
  readonly dtype: DType;
  /** Null where the number of elements is known only from another tensor (`tokenizer.pieces`). */
  readonly shape: readonly number[] | null;
  /** The companion `<name>.scale`. */
  readonly scale?: TensorForm;
}

/** Name of the tensor that holds the scales of the int8 or int4 tensor `name`. */
export function scaleName(name: string): string {
  return `${name}.scale`;
}

/**
 * Every tensor that a student of this spec has, scales not counted, in the order of its layers, with its forms: as it is
 * without quantization, then int8 for a matrix, then int4 for the table of an embedding whose rows are whole groups.
 */
export function studentTensors(spec: StudentSpec): ReadonlyMap<string, readonly TensorForm[]> {
  const needs = new Map<string, readonly TensorForm[]>();
  const tokenizer = 'tokenizer' in spec ? spec.tokenizer : null;
  if (tokenizer !== null && tokenizer.kind !== 'hashed') {
    const shape = [tokenizer.vocabSize];
    needs.set('tokenizer.pieces', [{ dtype: 'U8', shape: null }]);
    needs.set('tokenizer.lengths', [{ dtype: 'U8', shape }]);
    if (tokenizer.kind === 'unigram') needs.set('tokenizer.scores', [{ dtype: 'F32', shape }]);
    if (tokenizer.kind === 'bpe') {
      needs.set('tokenizer.splits', [{ dtype: 'U8', shape }]);
      if (tokenizer.order === 'ranks') needs.set('tokenizer.ranks', [{ dtype: 'F32', shape }]);
    }
  }
  collect(spec.layers, 'layers', needs);
  return needs;
}

/** Name of layer `index` of the chain called `prefix`; a nested chain is called by the name of its layer. */
export function layerName(prefix: string, index: number): string {
  return `${prefix}.${index}`;
}

function collect(layers: readonly LayerSpec[], prefix: string, needs: Map<string, readonly TensorForm[]>): void {
  for (const [i, layer] of layers.entries()) {
    const name = layerName(prefix, i);
    const sizes = layer as unknown as Readonly<Record<string, number>>;
    for (const [tensor, dimensions] of Object.entries(LAYER_RULES[layer.kind].tensors ?? {})) {
      const shape = dimensions.map((field) => sizes[field]);
      const [rows, columns] = shape;
      const forms: TensorForm[] = [{ dtype: 'F32', shape }];
      if (shape.length > 1) forms.push({ dtype: 'I8', shape, scale: { dtype: 'F32', shape: [rows] } });
      if (layer.kind === 'embedding' && columns % INT4_GROUP_SIZE === 0) {
        const scale = { dtype: 'F16', shape: [rows, columns / INT4_GROUP_SIZE] } as const;
        forms.push({ dtype: 'U8', shape: [rows, columns / 2], scale });
      }
      needs.set(`${name}.${tensor}`, forms);
    }
    if (layer.kind === 'residual') collect(layer.layers, name, needs);
  }
}
