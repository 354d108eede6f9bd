/** What no student could take less than: one copy of its bytes to load, and its bare arithmetic to run. */
import { type LayerSpec, parseStudent } from '../../../src/format/index.ts';
import type { Input } from '../case.ts';
import { ceilingLoops } from '../ceiling.ts';
import { workOf } from '../operations.ts';
import type { Contestant } from './contestant.ts';
import type { RetortName } from './names.ts';

const PAGE_BYTES = 65_536;

/** @param folder where `writeCeilingModules` left the loops */
export async function floorOf(module: RetortName, folder: string): Promise<Contestant> {
  const loops = await ceilingLoops(folder, module);
  let layers: readonly LayerSpec[];
  return {
    load({ student }) {
      copyAlone(student);
      layers ??= parseStudent(student).spec.layers;
      return {
        prepare({ batch, seqLen }: Input) {
          const work = workOf(layers, seqLen);
          return () => {
            for (const { name, run } of loops) run(batch * work[name]);
            return new Float32Array(0);
          };
        },
        dispose() {},
      };
    },
  };
}

/** What every load has to do: the system gives pages that nothing has touched one by one, while they are written. */
export function copyAlone(bytes: Uint8Array): void {
  const { buffer } = new WebAssembly.Memory({ initial: Math.ceil(bytes.length / PAGE_BYTES) });
  new Uint8Array(buffer).set(bytes);
}
