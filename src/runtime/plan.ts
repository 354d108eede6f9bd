/**
 * The memory plan of a student: one arena for its constants and the activations of its longest input, laid out once at
 * load. Layers take what they need from the plan and return steps; a prediction only runs the steps.
 */
import type { Area, FlowKind, Tensor, TensorData } from '../format/index.ts';
import { alignedWidth } from '../format/index.ts';
import { type Kernels, type ProductGroup, RESERVED_BYTES } from './kernels/kernels.ts';
import type { ScalarKernels } from './kernels/scalar.ts';

/** Alignment of everything in the arena, in bytes: the width of a SIMD128 register. */
const ALIGNMENT_BYTES = 16;

/** Runs one layer for an input of `count` tokens; of an image, `count` is 1. */
export type Step = (kernels: Kernels, count: number) => void;

/** A value that flows between layers: where it lies and how wide it is. */
export interface Flowing {
  readonly kind: FlowKind;
  /** Offset in bytes: F32 rows of `width` for a sequence and an image, one for a vector, I32 `[count]` for tokens. */
  readonly offset: number;
  readonly width: number;
  /** Of an image. */
  readonly area?: Area;
}

interface Block {
  readonly offset: number;
  readonly bytes: number;
}

/** Collects what an arena has to hold while the layers of a student are planned. */
export class Plan {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly maxTokens: number;
  /** True where its products are of F32 weights: the student then runs on the scalar kernels, which alone have F32 products. */
  readonly isFloat: boolean;
  /** How the products of the kernels that will run read their operands. */
  readonly group: ProductGroup;
  #size = RESERVED_BYTES;
  readonly #constants: { readonly offset: number; readonly data: ArrayBufferView }[] = [];
  readonly #held = new Map<number, Block>();
  #free: Block[] = [];

  constructor(tensors: ReadonlyMap<string, Tensor>, maxTokens: number, group: ProductGroup) {
    this.tensors = tensors;
    this.maxTokens = maxTokens;
    this.isFloat = group === 1;
    this.group = group;
  }

  /** Bytes of the arena. */
  get byteLength(): number {
    return this.#size;
  }

  /** Places data that never changes; {@link writeConstants} copies it. */
  constant(data: ArrayBufferView): number {
    const offset = this.#bump(data.byteLength);
    this.#constants.push({ offset, data });
    return offset;
  }

  /** Places the values of a tensor of the student as kernels read them: in rows of `width`, or of its last dimension. */
  placeTensor(name: string, width?: number): number {
    const { data, shape } = this.tensors.get(name)!;
    return this.rowsOf(data, width ?? shape[shape.length - 1]);
  }

  /** Places rows of `width` values, each filled up with zeros to whole registers. */
  rowsOf(data: TensorData, width: number): number {
    const stride = alignedWidth(width);
    if (stride === width) return this.constant(data);
    const aligned = new (data.constructor as new (length: number) => TensorData)((data.length / width) * stride);
    for (let r = 0; r * width < data.length; r++) aligned.set(data.subarray(r * width, (r + 1) * width), r * stride);
    return this.constant(aligned);
  }

  /** Takes room for activations, out of what was given back where something fits. */
  acquire(bytes: number): number {
    const needed = Math.ceil(Math.max(bytes, 1) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    const fit = this.#free.filter((block) => block.bytes >= needed).sort((a, b) => a.bytes - b.bytes)[0];
    const block = fit ?? { offset: this.#bump(needed), bytes: needed };
    this.#free = this.#free.filter((other) => other !== block);
    this.#held.set(block.offset, block);
    return block.offset;
  }

  /** Gives room back that {@link acquire} took. */
  release(offset: number): void {
    const block = this.#held.get(offset);
    if (block === undefined) return;
    this.#held.delete(offset);
    this.#free.push(block);
  }

  /** F32 room for a value of this kind and width; the area is that of an image. */
  acquireFlow(kind: FlowKind, width: number, area?: Area): Flowing {
    const shape = area === undefined ? { kind, width } : { kind, width, area };
    return { ...shape, offset: this.acquire(4 * alignedWidth(width) * rowsAt(shape, this.maxTokens)) };
  }

  /** Copies every constant into the arena. */
  writeConstants(memory: ArrayBuffer): void {
    const bytes = new Uint8Array(memory);
    for (const { offset, data } of this.#constants) {
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    }
  }

  #bump(bytes: number): number {
    const offset = this.#size;
    this.#size += Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    return offset;
  }
}

/** Number of rows of a value, where there are `count` tokens. */
export function rowsAt({ kind, area }: Omit<Flowing, 'offset'>, count: number): number {
  if (area !== undefined) return area[0] * area[1];
  return kind === 'vector' ? 1 : count;
}

/** The kernels of a student with F32 matrices: {@link Plan.isFloat} keeps every other variant away from it. */
export function floatKernels(kernels: Kernels): ScalarKernels {
  return kernels as ScalarKernels;
}
