/** The rates that the instructions of a product have by themselves: about what a kernel made of them could reach. */
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

/** Measures the loops of a module: the best of many rounds. */
export async function measureCeiling(wasm: BufferSource, name: RetortName): Promise<Ceiling> {
  const { instance } = await WebAssembly.instantiate(wasm);
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
