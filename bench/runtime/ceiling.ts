/** What an engine could reach: the instructions of the kernels by themselves, in loops of registers. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RetortName } from './contestants/names.ts';
import type { Work } from './operations.ts';

/** Billions a second of each part of the {@link Work} of a student. */
export type Ceiling = Readonly<Record<keyof Work, number>>;

/** A loop of bare instructions. */
export interface CeilingLoop {
  readonly name: keyof Work;
  /** Runs at least as many operations, rounded up to whole turns. */
  run(operations: number): void;
}

/** Where the module of bench/assembly/ceiling.ts lies that is made of the instructions of these kernels. */
export function ceilingModule(folder: string, name: RetortName): string {
  return join(folder, `ceiling-${name}.wasm`);
}

/** The loops of a module that `writeCeilingModules` left in `folder`. */
export async function ceilingLoops(folder: string, name: RetortName): Promise<readonly CeilingLoop[]> {
  const { instance } = await WebAssembly.instantiate(await readFile(ceilingModule(folder, name)));
  const loops = instance.exports as Record<keyof Work, (turns: number) => number>;
  const perTurn: Work = {
    products: 12 * (name === 'retort-relaxed' ? 32 : 16),
    outputs: 16,
    inputs: 16,
    weights: 16,
    gelus: 16,
  };
  return (Object.keys(perTurn) as (keyof Work)[]).map((loop) => {
    return { name: loop, run: (operations) => void loops[loop](Math.ceil(operations / perTurn[loop])) };
  });
}
