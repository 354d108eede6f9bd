/** The modules of bench/assembly/ceiling.ts, compiled to a folder that measuring processes read. */
import asc from 'assemblyscript/asc';
import { ceilingModule } from './ceiling.ts';
import type { RetortName } from './contestants/names.ts';

const SOURCE = 'bench/assembly/ceiling.ts';
const FLAGS = ['--runtime', 'stub', '-O3', '--enable', 'simd'];

/** Compiles one for SIMD128 and one for relaxed SIMD. */
export async function writeCeilingModules(folder: string): Promise<void> {
  const compile = async (name: RetortName, ...flags: string[]): Promise<void> => {
    const { error, stderr } = await asc.main([SOURCE, '--outFile', ceilingModule(folder, name), ...FLAGS, ...flags]);
    if (error) throw new Error(`AssemblyScript: ${stderr.toString()}`, { cause: error });
  };
  await compile('retort-simd');
  await compile('retort-relaxed', '--enable', 'relaxed-simd');
}
