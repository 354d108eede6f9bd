/** What an engine could reach: the rates that the instructions of the kernels have by themselves. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RetortName } from './contestants/names.ts';

/** What the kernels spend their time on: billions a second, a product being a multiplication and an addition, two. */
export interface Ceiling {
  readonly integer: number;
  readonly float: number;
  readonly exponential: number;
}

/** A loop of bare instructions. */
export interface CeilingLoop {
  readonly name: keyof Ceiling;
  /** Of a run. */
  readonly operations: number;
  run(): void;
}

/** Turns of a run: some tenths of a millisecond. */
const TURNS = 10_000;

/** Where the module of bench/assembly/ceiling.ts lies that is made of the instructions of these kernels. */
export function ceilingModule(folder: string, name: RetortName): string {
  return join(folder, `ceiling-${name}.wasm`);
}

/** The loops of a module that `writeCeilingModules` left in `folder`. */
export async function ceilingLoops(folder: string, name: RetortName): Promise<readonly CeilingLoop[]> {
  const { instance } = await WebAssembly.instantiate(await readFile(ceilingModule(folder, name)));
  const loops = instance.exports as Record<keyof Ceiling, (turns: number) => number>;
  const perTurn: Ceiling = { integer: 12 * (name === 'retort-relaxed' ? 32 : 16), float: 12 * 8, exponential: 4 * 4 };
  return (['integer', 'float', 'exponential'] as const).map((loop) => {
    return { name: loop, operations: TURNS * perTurn[loop], run: () => void loops[loop](TURNS) };
  });
}
