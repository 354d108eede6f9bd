/** The rates that the instructions of a product have by themselves: what no kernel made of them can be faster than. */
import type { RetortName } from './contestants/names.ts';

/** Billions of operations a second, a multiplication and an addition each. */
export interface Ceiling {
  readonly integer: number;
  readonly float: number;
}

/** Registers a turn. */
const REGISTERS = 12;
const TURNS = 100_000;
const ROUNDS = 30;

/** Measures the loops of a module: the best of many rounds. */
export async function measureCeiling(wasm: BufferSource, name: RetortName): Promise<Ceiling> {
  const { instance } = await WebAssembly.instantiate(wasm);
  const { integer, float } = instance.exports as Record<keyof Ceiling, (turns: number) => number>;
  return { integer: rate(integer, name === 'retort-relaxed' ? 32 : 16), float: rate(float, 8) };
}

function rate(loop: (turns: number) => number, operationsPerRegister: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    loop(TURNS);
    best = Math.min(best, performance.now() - started);
  }
  return (TURNS * REGISTERS * operationsPerRegister) / best / 1e6;
}
