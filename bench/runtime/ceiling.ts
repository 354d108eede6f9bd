/** The rates that the instructions of a product have by themselves: about what a kernel made of them could reach. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RetortName } from './contestants/names.ts';

/** Billions of operations a second, a multiplication and an addition each. */
export interface Ceiling {
  readonly integer: number;
  readonly float: number;
}

/** Registers a turn. */
const REGISTERS = 12;
const TURNS = 100_000;
/** Of each loop: long enough for the engine to compile it with its last compiler. */
const BUDGET_MS = 400;

/** Where the module of bench/assembly/ceiling.ts lies that is made of the instructions of these kernels. */
export function ceilingModule(folder: string, name: RetortName): string {
  return join(folder, `ceiling-${name}.wasm`);
}

/** Measures the loops of a module that `writeCeilingModules` left in `folder`: the best of many rounds. */
export async function measureCeiling(folder: string, name: RetortName): Promise<Ceiling> {
  const { instance } = await WebAssembly.instantiate(await readFile(ceilingModule(folder, name)));
  const { integer, float } = instance.exports as Record<keyof Ceiling, (turns: number) => number>;
  return { integer: rate(integer, name === 'retort-relaxed' ? 32 : 16), float: rate(float, 8) };
}

function rate(loop: (turns: number) => number, operationsPerRegister: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + BUDGET_MS; performance.now() < end; ) {
    const started = performance.now();
    loop(TURNS);
    best = Math.min(best, performance.now() - started);
  }
  return (TURNS * REGISTERS * operationsPerRegister) / best / 1e6;
}
