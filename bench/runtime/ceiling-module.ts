/** Where the modules of bench/assembly/ceiling.ts lie between the process that compiles them and those that measure. */
import { join } from 'node:path';
import type { RetortName } from './contestants/names.ts';

/** Where the module lies whose instructions these kernels are made of. */
export function ceilingModule(folder: string, name: RetortName): string {
  return join(folder, `ceiling-${name}.wasm`);
}
